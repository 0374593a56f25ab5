package dev.eventshop.notification.delivery.template;

import dev.eventshop.notification.delivery.ledger.Facts;
import java.math.BigDecimal;

/** One line of an order as the templates show it. */
public record Line(String name, String quantity, String unitPrice, String total) {

    static Line of(Facts.Line line, Money money) {
        return new Line(
                PlainText.line(line.productName(), 200),
                Integer.toString(line.quantity()),
                money.format(line.unitPrice()),
                money.format(line.unitPrice().multiply(BigDecimal.valueOf(line.quantity()))));
    }
}
