package dev.eventshop.notification.delivery.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.notification.delivery.ledger.Failure;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CausesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            550 5.1.1 <ada.l@example.org>: Recipient address rejected | 550 5.1.1
            550-5.1.1 ada%40example.org                               | 550 5.1.1
            451 try again later                                       | 451
            451                                                       | 451
            550 4.1.1 ada                                             | 550
            550 5.1.1.ada@example.org                                 | 550
            550 5.1.1ada                                              | 550
            550 5.01.1 ada                                            | 550
            550 5.1.1234 ada                                          | 550
            550 "ada"@example.org                                     | 550
            550ada@example.org                                        | MessagingException
            5501 ada@example.org                                      | MessagingException
            ada@example.org 550 5.1.1                                 | MessagingException
            250 ada                                                   | MessagingException
            """)
    void areToldByNumbersThatStandWhereTheyBelong(String said, String told) {
        Failure failure = Causes.failure("refused", new MessagingException(said));

        assertThat(failure.summary()).isEqualTo("refused (" + told + ").");
        assertThat(failure.said()).isEqualTo(said);
    }

    @Test
    void areToldByTheirKindWithoutAReply() {
        assertThat(kind(new SocketTimeoutException("ada"))).isEqualTo("no answer in time");
        assertThat(kind(new UnknownHostException("ada"))).isEqualTo("host not found");
        assertThat(kind(new SSLHandshakeException("ada"))).isEqualTo("TLS failed");
        assertThat(kind(new IllegalStateException("550 ada"))).isEqualTo("MessagingException");
        assertThat(Causes.kind(new AuthenticationFailedException("535 5.7.8 ada")))
                .isEqualTo("login refused: 535 5.7.8");
        assertThat(Causes.kind(new AuthenticationFailedException("no password of ada")))
                .isEqualTo("login refused");
    }

    private static String kind(Exception cause) {
        return Causes.kind(new MessagingException("ada", cause));
    }

    @Test
    void sayEachThingOnce() {
        MessagingException failure = new MessagingException(
                "outer\nline", new MessagingException("outer\nline", new IllegalStateException("inner")));

        assertThat(Causes.failure("refused", failure).said()).isEqualTo("outer line: inner");
    }
}
