package dev.eventshop.notification.delivery.template;

import dev.eventshop.notification.delivery.ledger.Facts;
import dev.eventshop.notification.delivery.ledger.MailContent;
import dev.eventshop.notification.delivery.ledger.Notification;
import dev.eventshop.notification.delivery.ledger.NotificationKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.thymeleaf.context.Context;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/**
 * Writes emails. The templates lie under {@code notification-templates/} on the class path: one HTML and one text
 * template per kind, and the words in one properties file per language.
 *
 * <p>Names, reasons and product names are data in every place: they are escaped, never parsed, and freed of control
 * characters. Instances are safe to share.
 */
public final class MailTemplates {

    static final String ROOT = "notification-templates/";

    private final SpringTemplateEngine engine;
    private final ResourceBundleMessageSource words;
    private final String currency;
    private final String shop;

    /**
     * @param currency ISO 4217 code of the shop's currency
     * @param shop     name of the shop, as its customers know it
     */
    public MailTemplates(String currency, String shop) {
        this.currency = currency;
        this.shop = shop;
        this.words = new ResourceBundleMessageSource();
        words.setBasename("notification-templates.messages");
        words.setDefaultEncoding("UTF-8");
        words.setFallbackToSystemLocale(false);
        words.setAlwaysUseMessageFormat(true);
        this.engine = new SpringTemplateEngine();
        engine.setTemplateEngineMessageSource(words);
        engine.addTemplateResolver(resolver("*.html", TemplateMode.HTML));
        engine.addTemplateResolver(resolver("*.txt", TemplateMode.TEXT));
    }

    private static ClassLoaderTemplateResolver resolver(String pattern, TemplateMode mode) {
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver(MailTemplates.class.getClassLoader());
        resolver.setPrefix(ROOT);
        resolver.getResolvablePatternSpec().addPattern(pattern);
        resolver.setTemplateMode(mode);
        resolver.setCharacterEncoding("UTF-8");
        resolver.setCacheable(true);
        return resolver;
    }

    /**
     * @return the email as it is to be sent; the same notification gives the same words
     * @throws RuntimeException when a template can't be read or filled; trying again does not help
     */
    public MailContent write(Notification notification) {
        Language language = Language.of(notification.locale());
        Map<String, Object> model = model(notification, language);
        Context context = new Context(language.words(), model);
        String template =
                notification.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        return new MailContent(
                subject(notification.kind(), notification.orderId(), notification.orderStatus(), notification.locale()),
                engine.process(template + ".html", context),
                engine.process(template + ".txt", context));
    }

    /** @return the subject line; it names the order and its status where the email is about one */
    public String subject(
            NotificationKind kind, @Nullable Integer orderId, @Nullable String orderStatus, @Nullable String locale) {
        Object[] arguments = {shop, String.valueOf(orderId), String.valueOf(orderStatus)};
        return words.getMessage(
                "subject." + kind.name(), arguments, Language.of(locale).words());
    }

    private Map<String, Object> model(Notification notification, Language language) {
        Money money = new Money(currency, language.numbers());
        Map<String, Object> model = new HashMap<>();
        model.put("lang", language.tag());
        model.put("shop", shop);
        model.put(
                "subject",
                subject(notification.kind(), notification.orderId(), notification.orderStatus(), language.tag()));
        model.put("name", PlainText.line(notification.fullName(), 100));
        model.put("orderId", String.valueOf(notification.orderId()));
        model.put("status", String.valueOf(notification.orderStatus()));
        Facts facts = notification.facts();
        if (facts instanceof Facts.Confirmation confirmation) {
            model.put(
                    "lines",
                    confirmation.lines().stream()
                            .map(line -> Line.of(line, money))
                            .toList());
            model.put("total", money.format(confirmation.totalAmount()));
        } else if (facts instanceof Facts.Completion completion) {
            model.put("total", money.format(completion.totalAmount()));
        } else if (facts instanceof Facts.Cancellation cancellation) {
            model.put("reason", PlainText.line(cancellation.reason(), 500));
        }
        return model;
    }

    /** @return the language that an email in this locale is written in */
    public static String language(@Nullable String locale) {
        return Language.of(locale).tag();
    }

    /** @return the languages that there are words for */
    public static List<String> languages() {
        return Language.tags();
    }
}
