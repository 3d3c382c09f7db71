
(() => {
  const form = document.getElementById("filter");
  const [department, words, errors, shown] = ["department", "words", "errors", "shown"].map((id) => document.getElementById(id));
  const items = [...document.querySelectorAll("[data-item]")];
  const groups = [...document.querySelectorAll(".department")];
  const apply = () => {
    const wanted = words.value.trim().toLowerCase();
    let count = 0;
    for (const item of items) {
      const own = (item.dataset.department || "").split("|");
      const fits =
        (!department.value || own.includes(department.value)) &&
        (!wanted || item.textContent.toLowerCase().includes(wanted)) &&
        (!errors.checked || !item.dataset.level || item.dataset.level === "error");
      item.toggleAttribute("data-hidden", !fits);
      count += fits ? 1 : 0;
    }
    for (const group of groups) {
      group.toggleAttribute("data-hidden", !group.querySelector("[data-item]:not([data-hidden])"));
    }
    shown.textContent = count + " of " + items.length + " shown";
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  const open = [];
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll("details:not([open])")) {
      one.open = true;
      open.push(one);
    }
  });
  addEventListener("afterprint", () => open.splice(0).forEach((one) => (one.open = false)));
  apply();
})();
