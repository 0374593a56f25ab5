package dev.eventshop.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The machine's Chromium without a window, with a profile of its own, and what a person does with it. */
final class Browser implements AutoCloseable {

    /** Other builds may want the same cores. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    /** It would like to speak the browser's own protocol too, which nobody here needs. */
    private static final Logger LIBRARY = Logger.getLogger("org.openqa.selenium");

    static {
        LIBRARY.setLevel(Level.OFF);
    }

    private final ChromeDriver driver;
    private final WebDriverWait patience;
    private final List<String> errors = new ArrayList<>();
    private final Set<String> called = new TreeSet<>();

    private Browser(ChromeDriver driver) {
        this.driver = driver;
        this.patience = new WebDriverWait(driver, PATIENCE);
    }

    /** Skips the test where none is installed. */
    static Browser open(String... arguments) {
        Optional<Path> chromium =
                NAMES.stream().flatMap(name -> find(name).stream()).findFirst();
        Optional<Path> chromedriver = find("chromedriver");
        assumeThat(chromium.isPresent() && chromedriver.isPresent())
                .as("no browser: the packages chromium and chromium-driver are not installed")
                .isTrue();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toString());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // there is none for root
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--lang=en-GB",
                "--window-size=1360,980");
        options.addArguments(arguments);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                .usingAnyFreePort()
                .withSilent(true)
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<Path> find(String program) {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    void go(String url) {
        driver.get(url);
    }

    /** Goes to another page of the console, without loading it again. */
    void show(String hash) {
        driver.executeScript("location.hash = arguments[0]", hash);
    }

    String url() {
        return driver.getCurrentUrl();
    }

    /** Waits for it. */
    <T> T until(ExpectedCondition<T> condition) {
        return patience.until(condition);
    }

    /** Waits until the element has that text in it. */
    void sees(String css, String text) {
        until(ExpectedConditions.textToBePresentInElementLocated(By.cssSelector(css), text));
    }

    /** Waits until there is the heading. */
    void seesPage(String heading) {
        until(ExpectedConditions.visibilityOfElementLocated(
                By.xpath("//h1[normalize-space()=" + quoted(heading) + "]")));
        until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector("main .loading")));
    }

    boolean has(String css) {
        return !driver.findElements(By.cssSelector(css)).isEmpty();
    }

    /** @return how many there are; keeps hold of none of them */
    int count(String css) {
        return ((Number) driver.executeScript("return document.querySelectorAll(arguments[0]).length", css)).intValue();
    }

    String text(String css) {
        return until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(css)))
                .getText();
    }

    String textAt(String xpath) {
        return until(ExpectedConditions.visibilityOfElementLocated(By.xpath(xpath)))
                .getText();
    }

    /** @return the words of all buttons and links that are shown */
    List<String> offers(String css) {
        return driver.findElements(By.cssSelector(css)).stream()
                .map(WebElement::getText)
                .map(String::strip)
                .toList();
    }

    /** Presses the button or follows the link with these words, the topmost one. */
    void press(String words) {
        String same = "normalize-space()=" + quoted(words);
        click(By.xpath("(//dialog[@open]//button[" + same + "]|//main//button[" + same + "]|//main//a[" + same + "]"
                + "|//button[" + same + "])[1]"));
    }

    /** Presses the button that sends the form of the open window. */
    void send() {
        click(By.cssSelector("dialog[open] button[type=submit]"));
        until(ExpectedConditions.invisibilityOfElementLocated(By.cssSelector("dialog[open]")));
    }

    void click(String css) {
        click(By.cssSelector(css));
    }

    private void click(By what) {
        patience.ignoring(org.openqa.selenium.StaleElementReferenceException.class)
                .ignoring(org.openqa.selenium.ElementClickInterceptedException.class)
                .until(browser -> {
                    WebElement element =
                            ExpectedConditions.elementToBeClickable(what).apply(browser);
                    if (element == null) {
                        return false;
                    }
                    driver.executeScript(
                            "arguments[0].scrollIntoView({block: 'nearest'})", element); // from behind the header
                    element.click();
                    return true;
                });
    }

    /** Fills in the field with that label. */
    void fill(String label, String value) {
        WebElement field = until(ExpectedConditions.visibilityOfElementLocated(By.xpath(
                "(//dialog[@open]//label[normalize-space()=%1$s]|//main//label[normalize-space()=%1$s])[1]/following-sibling::input"
                        .formatted(quoted(label)))));
        type(field, value);
    }

    void type(String css, String value) {
        type(until(ExpectedConditions.elementToBeClickable(By.cssSelector(css))), value);
    }

    private void type(WebElement field, String value) {
        field.clear();
        field.sendKeys(value);
    }

    /** @return the text within the frame */
    String inFrame(String css) {
        driver.switchTo().frame(until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(css))));
        try {
            return patience.until(frame -> {
                String text = frame.findElement(By.tagName("body")).getText();
                return text.isBlank() ? null : text;
            });
        } finally {
            driver.switchTo().defaultContent();
        }
    }

    /** Chooses in the field with that label. */
    void choose(String label, String value) {
        choose(
                By.xpath("//main//label[normalize-space()=%s]/following-sibling::select".formatted(quoted(label))),
                value);
    }

    void choose(By field, String value) {
        new Select(until(ExpectedConditions.visibilityOfElementLocated(field))).selectByValue(value);
    }

    /** Its elements have the attribute {@code data-marked}, and those that take their place have not. */
    void mark(String css) {
        driver.executeScript(
                "document.querySelectorAll(arguments[0]).forEach(each => (each.dataset.marked = ''))", css);
    }

    /** Presses a key, wherever the focus is. */
    void strike(Keys key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    /** @param zone such as {@code Asia/Ho_Chi_Minh} */
    void livesIn(String zone) {
        driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
    }

    /** For the page it is as if the reader looked at another one. */
    void hide() {
        showAs("hidden");
    }

    void lookAgain() {
        showAs("visible");
    }

    private void showAs(String state) {
        driver.executeScript("""
                const [state] = arguments;
                Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => state});
                document.dispatchEvent(new Event('visibilitychange'));
                """, state);
    }

    /** @return what is in the field */
    String value(String css) {
        return until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(css)))
                .getDomProperty("value");
    }

    /** @return words of what has the focus, or what is in it */
    String focused() {
        return (String)
                driver.executeScript(
                        "const at = document.activeElement; return at === document.body ? '' : at.value || at.textContent.trim()");
    }

    void back() {
        driver.navigate().back();
    }

    void reload() {
        driver.navigate().refresh();
    }

    /**
     * What the page asks for there has this answer from now on, and does not leave the browser.
     *
     * @param call method and a part of the URL
     */
    void answer(String call, int status, String body) {
        rule(call, Map.of("status", status, "body", body));
    }

    /** What the page asks for there arrives, and is answered; the answer is lost. */
    void loseAnswersTo(String call) {
        rule(call, Map.of("lost", true));
    }

    /** What the page asks for there has no answer. */
    void holdAnswersTo(String call) {
        rule(call, Map.of("held", true));
    }

    /** Everything the page asks for is answered by the services again. */
    void answerTruly() {
        driver.executeScript("window.rules = []");
    }

    private void rule(String call, Map<String, Object> what) {
        listen();
        driver.executeScript("window.rules.unshift({call: arguments[0], ...arguments[1]})", call, what);
    }

    /** Writes down what the page asks for from now on. */
    void listen() {
        driver.executeScript("""
                if (window.rules) return;
                window.matches = (call, wanted) => call.startsWith(wanted.split(' ')[0]) && call.includes(wanted.split(' ')[1]);
                window.rules = [];
                window.asked = [];
                const truly = window.fetch;
                window.fetch = async (url, options = {}) => {
                    const call = `${options.method ?? 'GET'} ${url}`;
                    window.asked.push([call, options.headers?.['Idempotency-Key'] ?? '']);
                    const rule = window.rules.find((each) => matches(call, each.call));
                    if (!rule) return truly(url, options);
                    if (rule.held) return new Promise((_, lost) => options.signal?.addEventListener('abort', () => lost(options.signal.reason)));
                    if (rule.lost) {
                        await truly(url, options);
                        throw new TypeError('lost');
                    }
                    return new Response(rule.body, {status: rule.status});
                };
                """);
    }

    /** @return since it listens: the idempotency key, or nothing, of each such call */
    List<String> asked(String call) {
        List<?> keys = (List<?>) driver.executeScript(
                "return window.asked.filter(([call]) => matches(call, arguments[0])).map(([, key]) => key)", call);
        return keys.stream().map(String::valueOf).toList();
    }

    /** Opens as many streams as that, one after the other, and goes away from each as soon as it is there. */
    void openAndLeave(String service, String path, int count) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        driver.executeAsyncScript("""
                const [service, path, count, done] = arguments;
                const modules = ['auth', 'config'].map(name => import(new URL(`js/${name}.js`, document.baseURI)));
                Promise.all(modules).then(async ([auth, config]) => {
                    for (let i = 0; i < count; i++) {
                        const leaving = new AbortController();
                        await fetch(config.base(service) + path, {headers: auth.bearer(), signal: leaving.signal});
                        leaving.abort();
                    }
                    done();
                });
                """, service, path, count);
    }

    /** What has this in its URL can't be loaded; nothing for all can. */
    void block(String... urls) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand("Network.setBlockedURLs", Map.of("urls", List.of(urls)));
    }

    /** Narrower than a window can be. */
    void phone(int width) {
        show(width, 640);
    }

    /** @param height of all that is to be seen at once */
    void tall(int height) {
        show(1360, height);
    }

    /** As wide and tall as in the beginning. */
    void usual() {
        driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    }

    private void show(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** @return those of the links, buttons and fields of the page that are behind its header when they have the focus */
    List<String> hiddenWhenFocused() {
        List<?> hidden = (List<?>) driver.executeScript("""
                const edge = document.querySelector('header.top').getBoundingClientRect().bottom;
                window.scrollTo(0, document.body.scrollHeight);
                return [...document.querySelectorAll('main :is(a, button, input, select, [tabindex="0"])')].reverse()
                    .filter((each) => each.getClientRects().length && each.getBoundingClientRect().height < 400)
                    .filter((each) => (each.focus(), each.getBoundingClientRect().top < edge))
                    .map((each) => each.outerHTML);
                """);
        return hidden.stream().map(String::valueOf).toList();
    }

    /** @return what axe finds wrong with the page as it is, a line for each */
    List<String> violations() throws IOException {
        if (!Boolean.TRUE.equals(driver.executeScript("return !!window.axe"))) {
            try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
                driver.executeScript(
                        new String(script.readAllBytes(), StandardCharsets.UTF_8)); // passes by the page's policy
            }
        }
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        String json = (String) driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], iframes: false})
                    .then(found => done(JSON.stringify(found.violations)), failure => done(JSON.stringify([{id: String(failure), nodes: []}])));
                """);
        return JsonMapper.shared()
                .readTree(json)
                .valueStream()
                .flatMap(rule -> rule.path("nodes").isEmpty()
                        ? Stream.of(rule.path("id").asString())
                        : rule.path("nodes")
                                .valueStream()
                                .map(node -> rule.path("id").asString() + ": "
                                        + node.path("html").asString() + " "
                                        + node.path("failureSummary").asString()))
                .toList();
    }

    /**
     * Sends from the page, with its token and the body {@code {}}.
     *
     * @param service as the pages call it
     * @return status of the answer
     */
    int write(String service, String method, String path) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return ((Number) driver.executeAsyncScript("""
                        const [service, method, path, done] = arguments;
                        const modules = ['auth', 'config'].map(name => import(new URL(`js/${name}.js`, document.baseURI)));
                        Promise.all(modules)
                            .then(([auth, config]) => fetch(config.base(service) + path, {method, body: '{}',
                                headers: {...auth.bearer(), 'Content-Type': 'application/json'}}))
                            .then(answer => done(answer.status), failure => done(-1));
                        """, service, method, path)).intValue();
    }

    /** @return width of what does not fit into the window; 0 when all does */
    long overhang() {
        return ((Number) driver.executeScript(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .longValue();
    }

    /** @return what the browser itself complained about since it was opened */
    List<String> errors() {
        driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .forEach(entry -> errors.add(entry.getMessage()));
        return errors;
    }

    /** @return origins that the pages have sent a request to since it was opened */
    Set<String> origins() {
        driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(entry -> JsonMapper.shared().readTree(entry.getMessage()).path("message"))
                .filter(message -> message.path("method").asString().equals("Network.requestWillBeSent"))
                .map(message -> message.at("/params/request/url").asString())
                .filter(url -> url.startsWith("http") || url.startsWith("ws"))
                .map(URI::create)
                .forEach(uri -> called.add(uri.getScheme() + "://" + uri.getAuthority()));
        return called;
    }

    /** Has the reader's choice of colours and language, as the menus of the page would keep it. */
    void prefer(Map<String, String> choices) {
        choices.forEach((name, value) ->
                driver.executeScript("localStorage.setItem('eventshop.' + arguments[0], arguments[1])", name, value));
        driver.navigate().refresh();
    }

    void picture(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    /**
     * Goes to another page of the console, and waits for all of it.
     *
     * @return milliseconds to its heading, and to the last of what it asks the services for
     */
    List<Double> millisTo(String hash, String heading) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        List<?> millis = (List<?>) driver.executeAsyncScript("""
                const [hash, heading, done] = arguments;
                const begin = performance.now();
                let first = null;
                const look = () => {
                    if (first === null && document.querySelector('main h1')?.textContent.trim() === heading) {
                        first = performance.now() - begin;
                    }
                    if (first !== null && !document.querySelector('main .loading')) {
                        done([first, performance.now() - begin]);
                    } else {
                        requestAnimationFrame(look);
                    }
                };
                location.hash = hash;
                requestAnimationFrame(() => requestAnimationFrame(look));
                """, hash, heading);
        return millis.stream().map(each -> ((Number) each).doubleValue()).toList();
    }

    /** @return milliseconds from the start of loading the page to its first content, as the browser saw it */
    double millisToFirstPaint() {
        return ((Number) until(driver -> this.driver.executeScript(
                        "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime")))
                .doubleValue();
    }

    /** @return what the page's objects take, after those that nobody needs are gone */
    long heapBytes() {
        driver.executeCdpCommand("HeapProfiler.collectGarbage", Map.of());
        return ((Number) driver.executeCdpCommand("Runtime.getHeapUsage", Map.of())
                        .get("usedSize"))
                .longValue();
    }

    JsonNode timing() {
        return JsonMapper.shared().readTree((String) driver.executeScript("return JSON.stringify({bytes: performance"
                + ".getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
                + ".reduce((sum, r) => sum + (r.name.includes('/console/') ? r.decodedBodySize : 0), 0)})"));
    }

    /** @return points of the overview's charts that are older than the page, with both lags */
    long recalled() {
        return ((Number) driver.executeAsyncScript("""
                        const done = arguments[0];
                        import(new URL('js/telemetry.js', document.baseURI)).then(({telemetry}) => done(telemetry.history()
                            .filter(p => p.at * 1000 < performance.timeOrigin)
                            .filter(p => p.behind.projections != null && p.behind.forwarder != null).length));
                        """)).longValue();
    }

    /** @return points of the overview's charts between so long ago, with both lags */
    long pointsOfOverview(Duration from, Duration to) {
        return ((Number) driver.executeAsyncScript("""
                        const [from, to, done] = arguments;
                        const ago = ({at}) => Date.now() / 1000 - at;
                        import(new URL('js/telemetry.js', document.baseURI)).then(({telemetry}) => done(telemetry.history()
                            .filter(p => ago(p) > from && ago(p) < to)
                            .filter(p => p.behind.projections != null && p.behind.forwarder != null).length));
                        """, from.toSeconds(), to.toSeconds())).longValue();
    }

    /** @return points of the overview's charts that are of a moment that another one is of, too */
    long repeatedPoints() {
        return ((Number) driver.executeAsyncScript("""
                        const done = arguments[0];
                        import(new URL('js/telemetry.js', document.baseURI)).then(({telemetry}) =>
                            done(telemetry.history().length - new Set(telemetry.history().map(p => p.at)).size));
                        """)).longValue();
    }

    /** What the overview has seen was as long ago as that. */
    void ageOverview(Duration by) {
        driver.executeAsyncScript("""
                const [by, done] = arguments;
                import(new URL('js/telemetry.js', document.baseURI))
                    .then(({telemetry}) => telemetry.history().forEach(p => (p.at -= by))).then(done);
                """, by.toSeconds());
    }

    private static String quoted(String text) {
        assertThat(text).doesNotContain("\"");
        return "\"" + text + "\"";
    }

    @Override
    public void close() {
        driver.quit();
    }
}
