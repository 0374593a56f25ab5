package dev.eventshop.notification.delivery.mail;

import dev.eventshop.notification.delivery.ledger.Failure;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Failures for an operator to read. Mail servers quote whom an email is to in any form they like, so the summary takes
 * nothing from them but the numbers of RFC 5321 and RFC 3463: the reply code and the enhanced status code.
 */
final class Causes {

    private static final String NUMBER = "(?:0|[1-9][0-9]{0,2})";

    /** A reply as a whole: nothing but what stands at its beginning is looked at. */
    private static final Pattern REPLY = Pattern.compile(
            "([45][0-9]{2})(?:[ -]([45]\\." + NUMBER + "\\." + NUMBER + "))?(?:[ \\-\\r\\n].*)?", Pattern.DOTALL);

    /** Angus Mail's words for a greeting that is none; the host is from our configuration. */
    private static final Pattern GREETING = Pattern.compile(
            "(?:Could not connect to|Got bad greeting from) SMTP host: [^,]*, port: [0-9]+, response: \\[?([45][0-9]{2})"
                    + "(?![0-9]).*",
            Pattern.DOTALL);

    private Causes() {}

    /** @return {@code what} with the numbers or the kind of the failure, and apart from it what was said */
    static Failure failure(String what, Exception failure) {
        return new Failure(summary(what, failure), said(failure));
    }

    /** @return {@code what} with the numbers or the kind of the failure */
    static String summary(String what, Exception failure) {
        return what + " (" + kind(failure) + ").";
    }

    /** @return the reply's numbers, or else what kind of failure it is: nothing that somebody has said */
    static String kind(Exception failure) {
        List<Throwable> chain = chain(failure);
        Optional<String> reply =
                chain.stream().map(Causes::reply).flatMap(Optional::stream).findFirst();
        if (reply.isPresent()) {
            return chain.stream().anyMatch(AuthenticationFailedException.class::isInstance)
                    ? "login refused: " + reply.get()
                    : reply.get();
        }
        return chain.stream()
                .map(Causes::known)
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> failure.getClass().getSimpleName());
    }

    private static Optional<String> reply(Throwable failure) {
        if (!(failure instanceof MessagingException) || failure.getMessage() == null) {
            return Optional.empty();
        }
        Matcher reply = REPLY.matcher(failure.getMessage());
        if (reply.matches()) {
            String code = reply.group(1);
            String status = reply.group(2);
            boolean fits = status != null && status.charAt(0) == code.charAt(0);
            return Optional.of(fits ? code + " " + status : code);
        }
        Matcher greeting = GREETING.matcher(failure.getMessage());
        return greeting.matches() ? Optional.of(greeting.group(1)) : Optional.empty();
    }

    private static Optional<String> known(Throwable failure) {
        if (failure instanceof CutOff) {
            return Optional.of("no answer in time");
        } else if (failure instanceof AuthenticationFailedException) {
            return Optional.of("login refused");
        } else if (failure instanceof UnknownHostException) {
            return Optional.of("host not found");
        } else if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
            return Optional.of("no connection");
        } else if (failure instanceof SocketTimeoutException) {
            return Optional.of("no answer in time");
        } else if (failure instanceof SSLException) {
            return Optional.of("TLS failed");
        } else if (failure instanceof SocketException
                || failure instanceof EOFException
                || isEndOfStream(failure.getMessage())) {
            return Optional.of("connection broken");
        }
        return Optional.empty();
    }

    /** @return whether these are Angus Mail's words for it, after a command or in place of a greeting */
    private static boolean isEndOfStream(@Nullable String message) {
        return message != null && (message.equals("[EOF]") || message.endsWith(", response: [EOF]"));
    }

    private static String said(Exception failure) {
        Set<String> parts = new LinkedHashSet<>();
        for (Throwable one : chain(failure)) {
            if (one.getMessage() != null) {
                parts.add(one.getMessage().lines().map(String::strip).collect(Collectors.joining(" ")));
            }
        }
        return String.join(": ", parts);
    }

    private static List<Throwable> chain(Exception failure) {
        List<Throwable> chain = new ArrayList<>();
        Throwable current = failure;
        while (current != null && chain.size() < 10) {
            chain.add(current);
            current = current instanceof MessagingException messaging && messaging.getNextException() != null
                    ? messaging.getNextException()
                    : current.getCause();
        }
        return chain;
    }
}
