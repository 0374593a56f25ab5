package dev.eventshop.events;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.eventshop.events.order.OrderEvent;
import dev.eventshop.events.product.ProductEvent;
import dev.eventshop.events.user.UserEvent;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {

    private static final String ROOT = "dev.eventshop.events.";
    private static final String[] FACTS = {ROOT + "product", ROOT + "order", ROOT + "user"};
    private static final Set<Class<?>> PARENTS = Set.of(ProductEvent.class, OrderEvent.class, UserEvent.class);

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.eventshop.events");

    private static final DescribedPredicate<JavaClass> EVENT = describe(
            "an event",
            type -> PARENTS.stream().anyMatch(parent -> type.isAssignableTo(parent) && !type.isEquivalentTo(parent)));

    private static final DescribedPredicate<JavaClass> FLOATING_POINT = describe(
            "floating point",
            type -> Set.of("float", "double", "java.lang.Float", "java.lang.Double")
                    .contains(type.getName()));

    @ParameterizedTest
    @ValueSource(strings = {"product", "order", "user", "registry", "upcasting"})
    void everyPackageNamedInARuleContainsClassesAndIsNullMarked(String name) throws Exception {
        assertThat(CLASSES.stream().filter(type -> type.getPackageName().equals(ROOT + name)))
                .hasSizeGreaterThan(1);
        assertThat(Class.forName(ROOT + name + ".package-info").isAnnotationPresent(NullMarked.class))
                .isTrue();
    }

    @Test
    void theModuleHasNoOtherPackages() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .containsExactlyInAnyOrder(
                        ROOT + "product", ROOT + "order", ROOT + "user", ROOT + "registry", ROOT + "upcasting");
    }

    @Test
    void factsSeeJavaOnly() {
        classes()
                .that()
                .resideInAnyPackage(FACTS)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(Stream.concat(Stream.of("java..", "org.jspecify.."), Stream.of(FACTS))
                        .toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void aggregatesFactsKnowNothingOfEachOther() {
        for (String facts : FACTS) {
            for (String others : FACTS) {
                if (!facts.equals(others)) {
                    noClasses()
                            .that()
                            .resideInAPackage(facts)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(others)
                            .check(CLASSES);
                }
            }
        }
    }

    @Test
    void theModuleUsesNoFrameworkBesidesAxonAndJackson() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "org.jspecify..",
                        "org.axonframework.messaging..",
                        "org.axonframework.serialization..",
                        "tools.jackson..",
                        "com.fasterxml.jackson.annotation..",
                        "dev.eventshop.events..")
                .check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "jakarta..", "javax..", "java.sql..", "org.hibernate..")
                .check(CLASSES);
    }

    @Test
    void eventsAreRecordsWithTheSuffixEvent() {
        classes()
                .that(EVENT)
                .should()
                .beRecords()
                .andShould()
                .haveSimpleNameEndingWith("Event")
                .andShould()
                .bePublic()
                .andShould()
                .beTopLevelClasses()
                .andShould()
                .resideInAnyPackage(FACTS)
                .check(CLASSES);
        assertThat(CLASSES.stream().filter(EVENT)).hasSize(13);
    }

    @Test
    void factsAreRecordsStatusesOrSealedParents() {
        assertThat(CLASSES.stream().filter(JavaClass.Predicates.resideInAnyPackage(FACTS)))
                .filteredOn(type -> !type.getSimpleName().equals("package-info"))
                .isNotEmpty()
                .allMatch(type -> type.isRecord() || type.isEnum() || PARENTS.contains(type.reflect()));
    }

    @Test
    void parentsAreSealed() {
        assertThat(PARENTS).allMatch(Class::isInterface).allMatch(Class::isSealed);
    }

    @Test
    void nothingIsCountedInFloatingPoint() {
        noFields().should().haveRawType(FLOATING_POINT).check(CLASSES);
        noMethods().should().haveRawReturnType(FLOATING_POINT).check(CLASSES);
        noClasses()
                .should()
                .accessTargetWhere(describe(
                        "floating point",
                        (JavaAccess<?> access) -> Set.of("doubleValue", "floatValue", "getDoubleValue")
                                .contains(access.getName())))
                .check(CLASSES);
    }

    @Test
    void nothingLooksForAClassByItsName() {
        noClasses()
                .should()
                .accessTargetWhere(describe(
                        "a search for a class",
                        (JavaAccess<?> access) -> Set.of(
                                        "forName",
                                        "loadClass",
                                        "findClass",
                                        "activateDefaultTyping",
                                        "constructFromCanonical")
                                .contains(access.getName())))
                .check(CLASSES);
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveSimpleNameStartingWith("JsonTypeInfo")
                .check(CLASSES);
    }

    @Test
    void nothingReadsAClock() {
        noClasses()
                .should()
                .accessTargetWhere(describe(
                        "a clock",
                        (JavaAccess<?> access) ->
                                access.getTargetOwner().getName().startsWith("java.time.")
                                        && access.getName().equals("now")))
                .check(CLASSES);
    }
}
