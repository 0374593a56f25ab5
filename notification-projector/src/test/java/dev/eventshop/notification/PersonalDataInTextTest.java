package dev.eventshop.notification;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.eventshop.notification.deadletter.DeadLetterEntry;
import dev.eventshop.notification.deadletter.DeadLetterGroup;
import dev.eventshop.notification.delivery.ledger.Failure;
import dev.eventshop.notification.delivery.ledger.LedgerItem;
import dev.eventshop.notification.delivery.ledger.LedgerPreview;
import dev.eventshop.notification.delivery.ledger.MailContent;
import dev.eventshop.notification.delivery.ledger.Notification;
import dev.eventshop.notification.delivery.mail.Answer;
import dev.eventshop.notification.delivery.mail.OutgoingMail;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is printed into a log or a failure names nobody. */
class PersonalDataInTextTest {

    private static final Set<String> PERSONAL =
            Set.of("recipient", "email", "fullName", "subject", "html", "text", "said", "error", "body");

    private static final String MARKER = "of-a-person";

    /** Every record of the module that has personal data, also in a record within. */
    static Stream<Class<?>> records() {
        return new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.eventshop.notification")
                        .stream()
                        .filter(JavaClass::isRecord)
                        .<Class<?>>map(JavaClass::reflect)
                        .filter(PersonalDataInTextTest::isPersonal);
    }

    private static boolean isPersonal(Class<?> type) {
        return type.isRecord()
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> isPersonal(component) || isPersonal(component.getType()));
    }

    private static boolean isPersonal(RecordComponent component) {
        return component.getType() == String.class && PERSONAL.contains(component.getName());
    }

    @ParameterizedTest
    @MethodSource("records")
    void isNotTheTextOfARecord(Class<?> type) throws Exception {
        assertThat(filled(type).toString()).doesNotContain(MARKER);
    }

    @Test
    void isLookedForInTheRecordsThatHaveIt() {
        assertThat(records())
                .contains(
                        DeadLetterEntry.class,
                        DeadLetterGroup.class,
                        Failure.class,
                        LedgerItem.class,
                        LedgerPreview.class,
                        MailContent.class,
                        Notification.class,
                        Answer.Refused.class,
                        OutgoingMail.class)
                .extracting(Class::getSimpleName)
                .contains("NotificationItem", "NotificationPreview", "DeadLetterItem", "DeadLetterGroupItem");
    }

    /** The marker in all that is personal, and anything in the rest. */
    private static Object filled(Class<?> type) throws ReflectiveOperationException {
        RecordComponent[] components = type.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = isPersonal(components[i]) ? MARKER : any(components[i].getType());
        }
        Constructor<?> constructor = type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }

    private static @Nullable Object any(Class<?> type) throws ReflectiveOperationException {
        if (type.isRecord()) {
            return filled(type);
        } else if (type.isEnum()) {
            return type.getEnumConstants()[0];
        } else if (type == long.class) {
            return 1L;
        } else if (type == int.class) {
            return 1;
        } else if (type == boolean.class) {
            return false;
        } else if (type == Instant.class) {
            return Instant.EPOCH;
        } else if (type == String.class) {
            return "";
        } else if (type == List.class) {
            return List.of();
        }
        return null;
    }
}
