package dev.eventshop.notification.delivery.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.notification.delivery.ledger.Facts;
import dev.eventshop.notification.delivery.ledger.MailContent;
import dev.eventshop.notification.delivery.ledger.Notification;
import dev.eventshop.notification.delivery.ledger.NotificationKind;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class MailTemplatesTest {

    private static final Facts CONFIRMATION = new Facts.Confirmation(
            new BigDecimal("1234.50"),
            List.of(
                    new Facts.Line("Green tea", 2, new BigDecimal("600.00")),
                    new Facts.Line("Cup", 1, new BigDecimal("34.50"))));
    private static final Facts SHIPPED = new Facts.StatusChange(OrderStatus.SHIPPED);

    private final MailTemplates templates = new MailTemplates("USD", "Eventshop");

    static Stream<Facts> everyKind() {
        return Stream.of(
                new Facts.Welcome(),
                CONFIRMATION,
                new Facts.StatusChange(OrderStatus.PENDING),
                new Facts.StatusChange(OrderStatus.CONFIRMED),
                SHIPPED,
                new Facts.Completion(new BigDecimal("1234.50")),
                new Facts.Cancellation("out of stock"));
    }

    private static Notification notification(Facts facts, String locale, String name) {
        String status = switch (facts.kind()) {
            case WELCOME -> null;
            case ORDER_CONFIRMATION -> "PENDING";
            case ORDER_STATUS -> ((Facts.StatusChange) facts).newStatus().name();
            case ORDER_COMPLETED -> "COMPLETED";
            case ORDER_CANCELLED -> "CANCELLED";
        };
        return new Notification(
                1,
                facts.kind(),
                7,
                facts.kind() == NotificationKind.WELCOME ? null : 17,
                status,
                JsonMapper.shared().writeValueAsString(facts),
                locale,
                "ann@example.org",
                name,
                0,
                Instant.EPOCH,
                null,
                null);
    }

    private MailContent write(Facts facts, String locale) {
        return templates.write(notification(facts, locale, "Ann Nguyễn"));
    }

    @Nested
    class EveryKind {

        @ParameterizedTest
        @MethodSource("dev.eventshop.notification.delivery.template.MailTemplatesTest#everyKind")
        void isWrittenInEveryLanguageWithoutAHoleInTheText(Facts facts) {
            for (String language : MailTemplates.languages()) {
                MailContent mail = write(facts, language);
                assertThat(mail.subject()).isNotBlank();
                assertThat(mail.html())
                        .startsWith("<!DOCTYPE html>")
                        .contains("lang=\"" + language + "\"")
                        .contains("Ann Nguyễn")
                        .contains("Eventshop");
                assertThat(mail.text()).contains("Ann Nguyễn").contains("Eventshop");
                for (String part : List.of(mail.subject(), mail.html(), mail.text())) {
                    assertThat(part).doesNotContain("??", "${", "#{", "{0}", "{1}", "[(", " th:", "null");
                }
            }
        }

        @ParameterizedTest
        @MethodSource("dev.eventshop.notification.delivery.template.MailTemplatesTest#everyKind")
        void namesOrderAndStatusInTheSubject(Facts facts) {
            for (String language : MailTemplates.languages()) {
                Notification notification = notification(facts, language, "Ann");
                if (notification.orderId() != null) {
                    assertThat(templates.write(notification).subject())
                            .contains("17")
                            .contains(notification.orderStatus());
                }
            }
        }

        @ParameterizedTest
        @MethodSource("dev.eventshop.notification.delivery.template.MailTemplatesTest#everyKind")
        void isTheSameWhenWrittenAgain(Facts facts) {
            assertThat(write(facts, "vi")).isEqualTo(write(facts, "vi"));
        }
    }

    @Nested
    class Languages {

        @Test
        void areEnglishAndVietnamese() {
            assertThat(write(SHIPPED, "en").subject()).isEqualTo("Your order 17 is SHIPPED");
            assertThat(write(SHIPPED, "vi").subject())
                    .isEqualTo("Đơn hàng 17 của bạn đã chuyển sang trạng thái SHIPPED");
            assertThat(write(SHIPPED, "vi").html()).contains("đang trên đường đến với bạn");
        }

        @ParameterizedTest
        @ValueSource(strings = {"fr", "", "EN", "../messages", "en_US"})
        void thatAreUnknownBecomeEnglish(String locale) {
            assertThat(write(SHIPPED, locale).subject()).isEqualTo("Your order 17 is SHIPPED");
        }

        @Test
        void haveTheSameWords() throws IOException {
            assertThat(words("messages_vi").stringPropertyNames())
                    .isEqualTo(words("messages").stringPropertyNames());
        }

        private static Properties words(String file) throws IOException {
            Properties words = new Properties();
            try (Reader reader = new InputStreamReader(
                    MailTemplates.class.getResourceAsStream("/" + MailTemplates.ROOT + file + ".properties"),
                    StandardCharsets.UTF_8)) {
                words.load(reader);
            }
            return words;
        }
    }

    @Nested
    class Amounts {

        @Test
        void areWrittenAsTheLanguageWritesThem() {
            assertThat(write(CONFIRMATION, "en").html()).contains("$1,234.50").contains("$1,200.00");
            assertThat(write(CONFIRMATION, "vi").text())
                    .contains("1.234,50\u00a0US$")
                    .contains("2 x Green tea, 600,00\u00a0US$: 1.200,00\u00a0US$");
        }

        @Test
        void haveTheDecimalsOfTheCurrency() {
            MailTemplates dong = new MailTemplates("VND", "Eventshop");
            Facts facts = new Facts.Completion(new BigDecimal("150000"));
            assertThat(dong.write(notification(facts, "vi", "An")).text()).contains("150.000\u00a0₫");
        }
    }

    @Nested
    class HostileText {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "<script>alert(1)</script>",
                    "\"><img src=x onerror=alert(1)>",
                    "${T(java.lang.Runtime).getRuntime()}",
                    "[[${7*7}]] [(${7*7})] #{subject.WELCOME} __${7*7}__",
                    "{0} '{1}' {",
                    "[# th:utext=\"${7*7}\"]x[/]"
                })
        void staysText(String hostile) {
            Facts order = new Facts.Confirmation(BigDecimal.TEN, List.of(new Facts.Line(hostile, 1, BigDecimal.TEN)));
            for (Facts facts : List.of(new Facts.Welcome(), order, new Facts.Cancellation(hostile))) {
                MailContent mail = templates.write(notification(facts, "en", hostile));
                assertThat(mail.html())
                        .doesNotContain("<script", "<img", "49", "Welcome to Eventshop</td>")
                        .contains(escaped(hostile));
                assertThat(mail.text()).doesNotContain("49").contains(hostile);
                assertThat(mail.subject()).doesNotContain(hostile);
            }
        }

        private static String escaped(String text) {
            return text.replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .replace(">", "&gt;")
                    .replace("\"", "&quot;")
                    .replace("'", "&#39;");
        }

        @Test
        void losesLineEndsControlCharactersAndTurningMarks() {
            MailContent mail =
                    templates.write(notification(SHIPPED, "en", "Ann\r\nBcc: eve@example.org\u0000\u202e\u2028x"));
            assertThat(mail.text()).contains("Hello Ann Bcc: eve@example.org x,");
        }

        @Test
        void isCutWhenLong() {
            MailContent mail = templates.write(notification(SHIPPED, "en", "😀".repeat(1_000_000)));
            assertThat(mail.text()).contains("😀".repeat(99) + "…").doesNotContain("😀".repeat(100));
        }

        @Test
        void thatIsMissingLeavesAPlainGreeting() {
            assertThat(templates.write(notification(SHIPPED, "en", null)).text())
                    .startsWith("Hello,");
        }
    }
}
