package dev.eventshop.command.currency;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;

/** The one currency that all amounts of the shop are in. */
public final class ShopCurrency {

    private static final int MAX_DECIMALS = 4; // what amounts are stored with

    private final Currency currency;

    /**
     * @param code ISO 4217, for example {@code USD}
     * @throws IllegalArgumentException when there is no such currency, or it has no decimals to speak of, as gold
     */
    public ShopCurrency(String code) {
        try {
            this.currency = Currency.getInstance(code);
        } catch (IllegalArgumentException unknown) { // which says nothing more
            throw new IllegalArgumentException("eventshop.currency is \"" + code + "\", which is no ISO 4217 code");
        }
        if (currency.getDefaultFractionDigits() < 0 || currency.getDefaultFractionDigits() > MAX_DECIMALS) {
            throw new IllegalArgumentException("eventshop.currency is " + code + ", which has no usable decimals");
        }
    }

    /** @return ISO 4217 code */
    public String code() {
        return currency.getCurrencyCode();
    }

    /** @return digits after the point that an amount has */
    public int decimals() {
        return currency.getDefaultFractionDigits();
    }

    /** @return whether the amount can be paid in this currency: no digits but zeros beyond its decimals */
    public boolean canExpress(BigDecimal amount) {
        return amount.stripTrailingZeros().scale() <= decimals();
    }

    /**
     * @param amount one that {@link #canExpress} and that is small enough to be written out
     * @return the same amount with exactly the currency's decimals
     */
    public BigDecimal normalised(BigDecimal amount) {
        return amount.stripTrailingZeros().setScale(decimals(), RoundingMode.UNNECESSARY);
    }
}
