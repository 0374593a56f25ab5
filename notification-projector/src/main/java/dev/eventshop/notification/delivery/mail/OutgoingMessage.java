package dev.eventshop.notification.delivery.mail;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A MIME message with a given id, which knows whether it has been written to its end. */
final class OutgoingMessage extends MimeMessage {

    private static final String UTF_8 = "UTF-8";

    private final String messageId;
    private volatile boolean written;

    private OutgoingMessage(Session session, String messageId) {
        super(session);
        this.messageId = messageId;
    }

    /** @param date when it is handed over; null for no date */
    static OutgoingMessage of(
            Session session, InternetAddress from, InternetAddress to, OutgoingMail mail, @Nullable Date date)
            throws MessagingException {
        OutgoingMessage message = new OutgoingMessage(session, messageId(mail, from));
        message.setFrom(from);
        message.setRecipient(Message.RecipientType.TO, to);
        message.setSubject(oneLine(mail.content().subject()), UTF_8);
        message.setSentDate(date);
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader("X-Auto-Response-Suppress", "All");
        message.setHeader("X-Eventshop-Notification", Long.toString(mail.notificationId()));
        message.setContentLanguage(new String[] {mail.language()});
        MimeBodyPart text = new MimeBodyPart();
        text.setText(mail.content().text(), UTF_8, "plain");
        MimeBodyPart html = new MimeBodyPart();
        html.setText(mail.content().html(), UTF_8, "html");
        message.setContent(new MimeMultipart("alternative", text, html));
        message.saveChanges();
        return message;
    }

    /** @return the same id for a notification at every attempt, so that a receiver can recognise a second copy */
    static String messageId(OutgoingMail mail, InternetAddress from) {
        return "<notification-" + mail.notificationId() + "." + mail.createdAt().toEpochMilli() + "@"
                + SmtpMailer.domain(from) + ">";
    }

    /** @return what its headers say, in their order; without the boundary of its parts, which is another one each time */
    Map<String, String> headers() throws MessagingException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : Collections.list(getAllHeaderLines())) { // headers may have names as others write them
            String name = line.substring(0, line.indexOf(':'));
            String value = MimeUtility.unfold(line.substring(name.length() + 1).strip());
            headers.put(name, name.equals("Content-Type") ? new ContentType(value).getBaseType() : decoded(value));
        }
        return headers;
    }

    private static String decoded(String value) throws MessagingException {
        try {
            return MimeUtility.decodeText(value);
        } catch (UnsupportedEncodingException e) {
            throw new MessagingException("UTF-8 is what was encoded with", e);
        }
    }

    /** @return whether the last byte of the message went into the connection; the line that ends it comes after */
    boolean written() {
        return written;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", messageId);
    }

    @Override
    public void writeTo(OutputStream out, String[] ignoredHeaders) throws IOException, MessagingException {
        super.writeTo(out, ignoredHeaders);
        written = true;
    }

    private static String oneLine(String subject) {
        return subject.replaceAll("\\p{Cntrl}+", " ").strip();
    }
}
