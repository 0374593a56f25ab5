package dev.eventshop.notification.delivery.ledger;

/**
 * The words of an email.
 *
 * @param subject one line
 * @param html    a whole document
 * @param text    the same for readers without HTML
 */
public record MailContent(String subject, String html, String text) {

    /** Without the words: they are to the recipient. */
    @Override
    public String toString() {
        return "MailContent";
    }
}
