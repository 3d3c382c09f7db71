// Reads messages for Microsoft Teams with Microsoft's own renderer of Adaptive Cards, in a browser, as version 1.4 has them. Ends with 1 when the renderer
// finds anything to object to, or does not show every text of a card.

const fs = require("fs");
const path = require("path");
const puppeteer = require("puppeteer-core");
const renderer = fs.readFileSync(require.resolve("adaptivecards/dist/adaptivecards.js"), "utf8");

const [chromium, ...files] = process.argv.slice(2);

function look(message) {
  const faults = [];
  const attachment = message.attachments[0];
  if (message.type !== "message" || message.attachments.length !== 1) faults.push("it is no message with one card");
  if (attachment.contentType !== "application/vnd.microsoft.card.adaptive") faults.push(`content type ${attachment.contentType}`);
  const { AdaptiveCard, SerializationContext, Versions } = window.AdaptiveCards;
  const context = new SerializationContext(Versions.v1_4);
  const card = new AdaptiveCard();
  card.parse(attachment.content, context);
  for (let index = 0; index < context.eventCount; index++) {
    const said = context.getEventAt(index).message;
    // The renderer's pattern for languages remembers where it last stopped, so it refuses every other `en`.
    if (/^Invalid value "[a-z]{2}(-[A-Z]{2})?" for property "lang"/.test(said)) continue;
    faults.push(`reading: ${said}`);
  }
  for (const event of card.validateProperties().validationEvents) faults.push(`validating: ${event.message}`);
  const element = card.render();
  if (!element) return [...faults, "nothing is shown"];
  document.body.replaceChildren(element);
  const shown = document.body.innerText.replace(/\s+/g, " ");
  const texts = attachment.content.body.flatMap((block) => (block.inlines ? block.inlines.map((run) => run.text) : [block.text]));
  for (const text of texts) {
    // A sign of Markdown stands behind a backslash where Markdown is read.
    const plain = text.replace(/\\([\\`*_[\]()#<>!~|])/g, "$1").replace(/\s+/g, " ").trim();
    if (!shown.includes(plain) && !shown.includes(text.replace(/\s+/g, " ").trim())) faults.push(`not shown: ${text}`);
  }
  return faults;
}

(async () => {
  const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"], headless: true });
  const page = await browser.newPage();
  await page.evaluate(renderer);
  let faults = 0;
  for (const file of files) {
    const found = await page.evaluate(look, JSON.parse(fs.readFileSync(file, "utf8")));
    for (const fault of found) console.error(`${path.basename(file)}: ${fault}`);
    faults += found.length;
    if (process.env.FIELDGATE_SCREENSHOTS) {
      await page.screenshot({ path: path.join(process.env.FIELDGATE_SCREENSHOTS, `${path.basename(file)}.png`), fullPage: true });
    }
  }
  await browser.close();
  process.exitCode = faults > 0 ? 1 : 0;
})();
