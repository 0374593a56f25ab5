package dev.eventshop.notification.delivery.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;

/** Amounts in one currency, written as a language writes them. Not safe to share between threads. */
final class Money {

    private final NumberFormat format;

    /** @param currency ISO 4217 code */
    Money(String currency, Locale locale) {
        Currency unit = Currency.getInstance(currency);
        format = NumberFormat.getCurrencyInstance(locale);
        format.setCurrency(unit);
        format.setMinimumFractionDigits(Math.max(0, unit.getDefaultFractionDigits()));
        format.setMaximumFractionDigits(Math.max(0, unit.getDefaultFractionDigits()));
        format.setRoundingMode(RoundingMode.HALF_EVEN);
    }

    String format(BigDecimal amount) {
        return format.format(amount);
    }
}
