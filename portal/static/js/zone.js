// Offers the browser's own time zone on the list of times, where nobody chose one and its clock differs.
// It reads one name, marks it in a list and shows a line. It loads, sends and keeps nothing, and nothing needs it.
{
const list = document.getElementById("tz"), hint = document.getElementById("tz-hint");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone, now = Date.now();
const at = (zone, later) => new Date(now + later).toLocaleString("en", {timeZone: zone});
// Summer and winter: half a year is 1.6e10 milliseconds. A browser that hides where it is says UTC.
if (!list.value && !new URLSearchParams(location.search).has("tz") && !/^(UTC|Etc)/.test(here)
&& [0, 1.6e10].some(later => at(here, later) != at(list.dataset.office, later))) {
if (![...list.options].some(each => each.value == here)) list.add(new Option(here, here));
list.value = here;
hint.hidden = false;
}
}
