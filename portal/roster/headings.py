"""Which heading means which field, in the spelling of many personnel systems."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from portal.roster.rules import FileRefused

#: Headings are compared without case, accents, spaces and punctuation. `email` may stand over several columns.
_SYNONYMS = {
    "email": """email emailaddress workemail workemailaddress businessemail primaryemail primaryworkemail officialemail
        companyemail emailwork mail workmail internetaddress userprincipalname upn dienstlicheemail emailadresse
        emaildienstlich geschaftlicheemail emailgeschaftlich courriel courrielprofessionnel adressecourriel
        adresseemail emailprofessionnel adresseelectronique correo correoelectronico correodetrabajo
        correoelectronicodeltrabajo emaildetrabajo correocorporativo email1 email2 email3 secondaryemail
        secondaryworkemail otheremail otheremails otherworkemail alternateemail alternativeemail additionalemail
        emailalias emailaliases alias aliases proxyaddresses weitereemail autrecourriel otrocorreo""",
    "constituency": """constituency constituencies constituentgroup constituencygroup affiliation employeetype
        typeofemployee employmenttype workertype employeeclass employeecategory employeegroup employmentcategory
        employmentstatus personcategory personnelcategory staffcategory category population usergroup
        personalkategorie personalgruppe mitarbeitergruppe mitarbeiterkreis beschaftigtengruppe statusgruppe gruppe
        kategorie categorie categoriedepersonnel statut typedepersonnel groupe collegeelectoral categoria colectivo
        tipodeempleado tipodepersonal estamento grupo""",
    "first": "firstname givenname forename preferredname preferredfirstname legalfirstname vorname prenom nombre",
    "last": "lastname surname familyname legallastname nachname familienname nomdefamille apellido apellidos",
    "name": "name fullname displayname employeename legalname workername vollername nomcomplet nom nombrecompleto",
    "id": """id uniqueid employeeid employeenumber employeeno emplid personid personnelnumber personnelno staffid
        studentid workerid badge badgeid personalnummer personalnr mitarbeiternummer matricule numeroemploye
        numerodeempleado idempleado""",
    "supervisor": """supervisor supervisorname supervisorsname manager managername managersname linemanager reportsto
        vorgesetzter vorgesetzte vorgesetzter fuhrungskraft superieur superviseur responsable responsablehierarchique
        jefe jefedirecto supervisora""",
    "title": """title jobtitle position positiontitle businesstitle workingtitle stellenbezeichnung stelle
        berufsbezeichnung poste intituleduposte fonction puesto cargo""",
    "phone": """phone phonenumber workphone workphonenumber businessphone officephone telephone telephonenumber tel
        extension telefon telefonnummer telefondienstlich telephoneprofessionnel telefono telefonodetrabajo""",
    "department": """department dept departmentname deptname homedepartment costcentername abteilung departement
        service departamento""",
    "unit": """unit division businessunit governingunit largergoverningunit largergoverningunitofdepartment
        largergoverningunitofthedepartment parentdepartment organization organisation orgunit organizationalunit
        faculty school college bereich hauptabteilung fakultat direction unite faculte division direccion unidad
        facultad""",
    "location": """location locationname office officelocation worklocation site campus city workplace standort
        arbeitsort ort lieu lieudetravail site ubicacion lugardetrabajo sede centrodetrabajo""",
    "role": """role rolename level joblevel careerlevel managementlevel joblevelname grade seniority rolle ebene
        niveau role rol nivel""",
    "tenure": """tenure startdate start hiredate hire dateofhire originalhiredate datehired joindate joiningdate
        startdateortenure startdateortenureatorganization startdateortenureatorganisation tenureyears yearsofservice
        lengthofservice seniordate eintritt eintrittsdatum dienstbeginn betriebszugehorigkeit dateentree
        datedentree dateembauche datedembauche anciennete fechadeingreso fechadealta fechadeinicio antiguedad""",
    "gender": "gender genderidentity sex geschlecht genre sexe genero sexo",
    "race": "race ethnicity raceethnicity raceorethnicity raceandethnicity ethnicgroup origineethnique raza etnia",
    "age": """age ageband agegroup agegeneration ageorgeneration generation dateofbirth birthdate dob birthday
        yearofbirth birthyear geburtsdatum geburtsjahr alter datedenaissance datenaissance fechadenacimiento edad""",
}
_FIELD = {spelling: name for name, spellings in _SYNONYMS.items() for spelling in spellings.split()}
_PRIVATE = ("privat", "perso", "home", "partic")
_NEEDED = {"email": "work e-mail", "constituency": "constituency (such as staff, faculty, student)"}
_MOST_SHOWN = 40
_LONGEST_SHOWN = 40


@dataclass(frozen=True)
class Columns:
    """Where the fields stand: columns of addresses, the column of each other field, and headings without a use."""

    emails: tuple[int, ...]
    of_field: dict[str, int]
    ignored: tuple[str, ...]
    width: int


def find_columns(headings: Sequence[str]) -> Columns | FileRefused:
    """Read the line of headings; the first column wins where two mean the same field."""
    emails: list[int] = []
    of_field: dict[str, int] = {}
    ignored: list[str] = []
    for column, heading in enumerate(headings):
        name = _field(heading)
        if name == "email":
            emails.append(column)
        elif name is None or name in of_field:
            ignored.append(heading)
        else:
            of_field[name] = column
    if not emails or "constituency" not in of_field:
        found = of_field.keys() | ({"email"} if emails else set())
        return _refuse(headings, [name for name in _NEEDED if name not in found])
    return Columns(tuple(emails), of_field, tuple(filter(None, ignored)), len(headings))


def _field(heading: str) -> str | None:
    outside, _, inside = heading.partition("(")
    found = _FIELD.get(_fold(heading))
    if found is None and not _fold(inside).startswith(_PRIVATE):
        found = _FIELD.get(_fold(outside))
    return found


def _fold(heading: str) -> str:
    decomposed = unicodedata.normalize("NFKD", heading).casefold()
    return re.sub(r"[^a-z0-9]", "", decomposed)


def _refuse(headings: Sequence[str], missing: list[str]) -> FileRefused:
    wanted = " and no ".join(f"column for the {_NEEDED[name]}" for name in missing)
    if any(_looks_like_a_cell(heading) for heading in headings) or not any(map(_field, headings)):
        return FileRefused(
            f"There is no {wanted}: the first line holds no headings that the portal knows. "
            "Put a line of headings such as Work e-mail, Constituency, Department on top."
        )
    shown = ", ".join(_printable(heading) or "(empty)" for heading in headings[:_MOST_SHOWN])
    return FileRefused(
        f"There is no {wanted}. The headings read were: {shown}. Rename or add a column and send the file again."
    )


def _printable(heading: str) -> str:
    return "".join(filter(str.isprintable, heading))[:_LONGEST_SHOWN]


def _looks_like_a_cell(heading: str) -> bool:
    """Without a line of headings the first line is somebody's data, which must not be printed."""
    return "@" in heading or sum(symbol.isdigit() for symbol in heading) > 1
