// Opens a report in a browser at three sizes, with and without its script, and prints it. Ends with 1 when the console complains, when the page is wider
// than the window, when axe finds a violation, or when the filter does not filter.

const fs = require("fs");
const path = require("path");
const puppeteer = require("puppeteer-core");
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const [file, chromium] = process.argv.slice(2);
const faults = [];

async function look(browser, name, width, height) {
  const page = await browser.newPage();
  page.on("console", (message) => faults.push(`${name}: console ${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`${name}: ${error}`));
  page.on("dialog", (dialog) => faults.push(`${name}: a dialog opened: ${dialog.message()}`) && dialog.dismiss());
  page.on("request", (request) => request.url().startsWith("http") && faults.push(`${name}: asks for ${request.url()}`));
  await page.setViewport({ width, height });
  await page.goto("file://" + path.resolve(file));
  if (process.env.FIELDGATE_SCREENSHOTS) {
    await page.screenshot({ path: path.join(process.env.FIELDGATE_SCREENSHOTS, `${path.basename(file)}-${name}.png`), fullPage: true });
  }
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (wider > 0) faults.push(`${name}: the page is ${wider} pixels wider than the window`);
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document));
  for (const violation of found.violations) {
    faults.push(`${name}: axe ${violation.id}: ${violation.help} (${violation.nodes.length}): ${violation.nodes[0].html.slice(0, 200)}`);
  }
  const all = await page.$$eval("[data-item]", (items) => items.length);
  await page.type("#words", "no such word is in here");
  const left = await page.$$eval("[data-item]:not([data-hidden])", (items) => items.length);
  if (all === 0 || left !== 0) faults.push(`${name}: ${left} of ${all} entries are left by a filter that fits none`);
  await page.close();
}

(async () => {
  const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"], headless: true });
  for (const [name, width, height] of [["phone", 390, 844], ["tablet", 820, 1180], ["desk", 1440, 900]]) {
    await look(browser, name, width, height);
  }
  const bare = await browser.newPage();
  await bare.setJavaScriptEnabled(false);
  await bare.goto("file://" + path.resolve(file));
  const text = await (await bare.$("main")).evaluate((main) => main.innerText.length).catch(() => -1);
  if (text === 0) faults.push("without its script the page is empty");
  const printed = await bare.pdf({ format: "A4" });
  if (printed.length < 1000) faults.push("nothing is printed");
  await browser.close();
  if (faults.length > 0) {
    console.error(faults.join("\n"));
    process.exitCode = 1;
  }
})();
