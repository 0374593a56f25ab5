package dev.eventshop.command;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.eventshop.access.AccessRules;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.modelling.command.AggregateRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.bind.annotation.RequestMapping;

class ArchitectureTest {

    private static final String ROOT = "dev.eventshop.command.";
    private static final String[] FEATURES = {ROOT + "product", ROOT + "order", ROOT + "user"};
    private static final String FULFILMENT = ROOT + "order.fulfilment";
    private static final String WEB = ROOT + "*.web";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.eventshop.command");

    private static final DescribedPredicate<JavaAccess<?>> CLOCK_OR_CHANCE = describe("a clock or chance", access -> {
        String owner = access.getTargetOwner().getName();
        String name = access.getTarget().getName();
        return name.equals("now") && owner.startsWith("java.time.")
                || owner.equals(Clock.class.getName()) && !name.equals("instant")
                || owner.equals(Random.class.getName())
                || owner.equals("java.util.concurrent.ThreadLocalRandom")
                || owner.equals("java.security.SecureRandom")
                || owner.equals(UUID.class.getName()) && name.startsWith("random")
                || owner.equals(Math.class.getName()) && name.equals("random")
                || owner.equals(System.class.getName())
                        && Set.of("currentTimeMillis", "nanoTime").contains(name);
    });

    @ParameterizedTest
    @ValueSource(
            strings = {
                "product",
                "order",
                "user",
                "order.fulfilment",
                "product.web",
                "order.web",
                "user.web",
                "dispatch",
                "account",
                "ids",
                "currency",
                "http",
                "idempotency",
                "forwarding",
                "forwarding.web",
                "republication",
                "republication.web",
                "config"
            })
    void everyPackageNamedInARuleContainsClasses(String name) {
        assertThat(CLASSES.stream().filter(type -> type.getPackageName().equals(ROOT + name)))
                .hasSizeGreaterThan(1);
    }

    @Test
    void webIsKnownToNobody() {
        noClasses()
                .that()
                .resideOutsideOfPackage(WEB)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WEB)
                .check(CLASSES);
    }

    @Test
    void featuresKnowNoHttpAndNoWiring() {
        noClasses()
                .that()
                .resideInAnyPackage(FEATURES)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + "http..",
                        ROOT + "config..",
                        "dev.eventshop.web..",
                        "org.springframework.web..",
                        "org.springframework.http..",
                        "jakarta.servlet..")
                .check(CLASSES);
    }

    @Test
    void featuresKnowEachOtherThroughEventsAndTablesOnly() {
        for (String feature : FEATURES) {
            for (String other : FEATURES) {
                if (!feature.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(feature + "..")
                            .and()
                            .resideOutsideOfPackage(FULFILMENT) // sends commands to several aggregates
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(other + "..")
                            .check(CLASSES);
                }
            }
        }
    }

    @Test
    void fulfilmentIsKnownToNobody() {
        noClasses()
                .that()
                .resideOutsideOfPackage(FULFILMENT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(FULFILMENT)
                .check(CLASSES);
    }

    @Test
    void sharedPackagesKnowNoFeature() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + "dispatch",
                        ROOT + "account",
                        ROOT + "ids",
                        ROOT + "currency",
                        ROOT + "http",
                        ROOT + "idempotency",
                        "idempotency",
                        ROOT + "config")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "product..", ROOT + "order..", ROOT + "user..")
                .check(CLASSES);
    }

    @Test
    void everyEndpointSaysWhoMayCallIt() {
        methods()
                .that()
                .areMetaAnnotatedWith(RequestMapping.class)
                .should(bePermittedToSomebody())
                .check(CLASSES);
    }

    private static ArchCondition<JavaMethod> bePermittedToSomebody() {
        return new ArchCondition<>("be permitted to some role") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                events.add(new SimpleConditionEvent(
                        method, !AccessRules.allowed(method.reflect()).isEmpty(), method.getFullName()));
            }
        };
    }

    @Test
    void aggregatesSeeNoFramework() {
        noClasses()
                .that()
                .areAnnotatedWith(AggregateRoot.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "jakarta..",
                        "javax..",
                        "tools.jackson..",
                        "com.fasterxml..",
                        "java.sql..")
                .check(CLASSES);
    }

    @Test
    void aggregatesSeeNoClockAndNoChance() {
        noClasses()
                .that()
                .areAnnotatedWith(AggregateRoot.class)
                .should()
                .accessTargetWhere(CLOCK_OR_CHANCE)
                .check(CLASSES);
    }

    @Test
    void aggregatesAndHandlersArePackagePrivate() {
        classes()
                .that()
                .areAnnotatedWith(AggregateRoot.class)
                .should()
                .bePackagePrivate()
                .check(CLASSES);
        methods()
                .that()
                .areAnnotatedWith(CommandHandler.class)
                .or()
                .areAnnotatedWith(EventHandler.class)
                .should()
                .bePackagePrivate()
                .check(CLASSES);
        methods()
                .that()
                .areAnnotatedWith(EventHandler.class)
                .should()
                .beDeclaredInClassesThat()
                .arePackagePrivate()
                .check(CLASSES);
        assertThat(CLASSES.stream().filter(type -> type.isAnnotatedWith(AggregateRoot.class)))
                .hasSize(3);
    }

    @Test
    void nothingIsCountedInFloatingPoint() {
        DescribedPredicate<JavaClass> floating = describe(
                "floating point",
                type -> Set.of("float", "double", "java.lang.Float", "java.lang.Double")
                        .contains(type.getName()));
        noFields().should().haveRawType(floating).check(CLASSES);
        noMethods().should().haveRawReturnType(floating).check(CLASSES);
        assertThat(CLASSES.stream()
                        .flatMap(type -> type.getCodeUnits().stream())
                        .filter(unit -> unit.getRawParameterTypes().stream().anyMatch(floating)))
                .isEmpty();
    }

    @Test
    void instantsComeFromTheInjectedClock() {
        noClasses()
                .should()
                .accessTargetWhere(describe(
                        "Instant.now()",
                        (JavaAccess<?> access) -> access.getTargetOwner().isEquivalentTo(Instant.class)
                                && access.getTarget().getName().equals("now")))
                .check(CLASSES);
    }
}
