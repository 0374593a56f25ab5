package dev.eventshop.query;

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
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Entity;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.EventHandler;
import org.hibernate.annotations.Immutable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.bind.annotation.RestController;

class ArchitectureTest {

    private static final String ROOT = "dev.eventshop.query.";
    private static final List<String> VIEWS =
            List.of(ROOT + "productcatalog", ROOT + "ordersummary", ROOT + "userprofile", ROOT + "salesstatistics");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.eventshop.query");

    private static final DescribedPredicate<JavaClass> PROJECTOR =
            describe("a projector", type -> type.getSimpleName().endsWith("Projector"));

    private static final DescribedPredicate<JavaClass> QUERY_HANDLER =
            describe("a query handler", type -> type.getSimpleName().endsWith("QueryHandler"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "productcatalog",
                "ordersummary",
                "userprofile",
                "salesstatistics",
                "projection",
                "replay",
                "storedevent",
                "http",
                "stream",
                "cache",
                "config",
                "console"
            })
    void everyPackageNamedInARuleContainsClasses(String name) {
        assertThat(CLASSES.stream().filter(type -> type.getPackageName().equals(ROOT + name)))
                .hasSizeGreaterThan(1);
    }

    @Test
    void theModuleUsesNoCommandsAndNoOtherService() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.axonframework.commandhandling..",
                        "org.axonframework.modelling..",
                        "dev.eventshop.command..",
                        "dev.eventshop.notification..",
                        "dev.eventshop.messaging..",
                        "org.springframework.amqp..")
                .check(CLASSES);
    }

    @Test
    void nothingIsPublishedFromHere() {
        noClasses()
                .should()
                .callMethodWhere(describe(
                        "publishing or appending events",
                        call -> Set.of("publish", "appendEvents", "storeSnapshot")
                                .contains(call.getTarget().getName())))
                .check(CLASSES);
    }

    @Test
    void projectorsSeeEventsAndTheirPortOnly() {
        noClasses()
                .that(PROJECTOR)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.springframework..",
                        "jakarta..",
                        "java.sql..",
                        "javax.sql..",
                        "tools.jackson..",
                        ROOT + "http..",
                        "dev.eventshop.web..",
                        "dev.eventshop.eventstore..")
                .check(CLASSES);
        assertThat(CLASSES.stream().filter(PROJECTOR)).hasSize(4);
        assertThat(CLASSES.stream().filter(QUERY_HANDLER)).hasSize(4);
    }

    @Test
    void projectorsSeeNoClock() {
        noClasses()
                .that(PROJECTOR)
                .should()
                .accessTargetWhere(describe(
                        "a clock",
                        (JavaAccess<?> access) ->
                                access.getTargetOwner().getName().startsWith("java.time.")
                                        && access.getTarget().getName().equals("now")))
                .check(CLASSES);
    }

    @Test
    void viewsKnowEachOtherByOneInterfaceOnly() {
        for (String view : VIEWS) {
            for (String other : VIEWS) {
                if (!view.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(view)
                            .should()
                            .dependOnClassesThat(describe(
                                    "in " + other,
                                    type -> type.getPackageName().equals(other)
                                            && !type.getSimpleName().equals("KnownUsers")))
                            .check(CLASSES);
                }
            }
        }
    }

    @Test
    void sharedPackagesKnowNoView() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + "projection",
                        ROOT + "replay",
                        ROOT + "storedevent",
                        ROOT + "http",
                        ROOT + "stream",
                        ROOT + "cache",
                        ROOT + "config",
                        ROOT + "console")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(VIEWS.toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void projectionsKnowNothingOfReplays() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "projection")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "replay")
                .check(CLASSES);
    }

    @Test
    void handlersControllersAndEntitiesArePackagePrivate() {
        classes().that(PROJECTOR.or(QUERY_HANDLER)).should().bePackagePrivate().check(CLASSES);
        classes()
                .that()
                .areAnnotatedWith(RestController.class)
                .or()
                .areAnnotatedWith(Entity.class)
                .should()
                .bePackagePrivate()
                .check(CLASSES);
        methods()
                .that()
                .areAnnotatedWith(EventHandler.class)
                .should()
                .bePackagePrivate()
                .check(CLASSES);
    }

    @Test
    void entitiesAreForReading() {
        classes()
                .that()
                .areAnnotatedWith(Entity.class)
                .should()
                .beAnnotatedWith(Immutable.class)
                .check(CLASSES);
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(Entity.class)
                .should()
                .haveNameStartingWith("set")
                .check(CLASSES);
    }

    @Test
    void viewsCountNothingInFloatingPoint() {
        DescribedPredicate<JavaClass> floating = describe(
                "floating point",
                type -> Set.of("float", "double", "java.lang.Float", "java.lang.Double")
                        .contains(type.getName()));
        noFields().should().haveRawType(floating).check(CLASSES);
        noMethods()
                .that(describe(
                        "are written by hand",
                        (JavaMember method) -> !method.getModifiers().contains(JavaModifier.SYNTHETIC)))
                .should()
                .haveRawReturnType(floating)
                .check(CLASSES);
    }

    @Test
    void instantsComeFromEventsTheDatabaseOrTheInjectedClock() {
        noClasses()
                .should()
                .accessTargetWhere(describe(
                        "Instant.now()",
                        (JavaAccess<?> access) -> access.getTargetOwner().isEquivalentTo(Instant.class)
                                && access.getTarget().getName().equals("now")))
                .check(CLASSES);
    }
}
