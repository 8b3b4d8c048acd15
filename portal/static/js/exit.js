// The way out: the button, and three presses of Shift alone within five seconds. The page is gone from sight at once,
// and the next one takes its place in the tab. It names one address of ours, and nothing needs it.
{
const way = document.querySelector(".leave"), said = document.getElementById("pressed");
let presses = [], alone = 0;
const tell = () => {
presses = presses.filter(each => Date.now() - each < 5e3);
document.body.dataset.pressed = presses.length;
said.textContent = said.dataset[presses.length] || "";
};
const leave = () => {
document.documentElement.hidden = true;
document.title = "…";
location.replace("/leave/out");
};
// Any other key, a finger or a mouse: that Shift was pressed for something else.
const forget = () => {
presses = [];
alone = 0;
tell();
};
way.onclick = event => {
event.preventDefault();
leave();
};
addEventListener("pointerdown", forget);
addEventListener("keydown", event => {
if (event.key != "Shift" || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) forget();
else if (!event.repeat) alone = 1;
});
addEventListener("keyup", event => {
if (event.key != "Shift" || !alone) return;
alone = 0;
presses.push(Date.now());
tell();
if (presses[2]) leave();
setTimeout(tell, 5100);
});
tell();
}
