package dev.eventshop.notification;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.eventshop.messaging.Subscribe;
import java.util.List;

@AnalyzeClasses(packages = "dev.eventshop.notification", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "dev.eventshop.notification";

    @ArchTest
    static final ArchRule usesNoOtherService = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.eventshop.command..",
                    "dev.eventshop.query..",
                    "dev.eventshop.eventstore..",
                    "dev.eventshop.standalone..",
                    "dev.eventshop.embedded..");

    @ArchTest
    static final ArchRule onlyTheWebLayerKnowsTheWeb = noClasses()
            .that()
            .resideOutsideOfPackage("..web..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "..web..", "dev.eventshop.web..", "org.springframework.web..");

    @ArchTest
    static final ArchRule onlyTheMailPackageTalksSmtp = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".delivery.mail", ROOT + ".config")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.mail..", "org.eclipse.angus..", "org.springframework.mail..");

    @ArchTest
    static final ArchRule consumersDoNotDeliver = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".order", ROOT + ".user", ROOT + ".product", ROOT + ".recipient")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".delivery", ROOT + ".delivery.mail", ROOT + ".delivery.template");

    @ArchTest
    static final ArchRule theLedgerKnowsNeitherMailNorWorkers = noClasses()
            .that()
            .resideInAPackage(ROOT + ".delivery.ledger")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".delivery", ROOT + ".delivery.mail", ROOT + ".delivery.template");

    @ArchTest
    static final ArchRule subscriptionsAreReactions = methods()
            .that()
            .areAnnotatedWith(Subscribe.class)
            .should()
            .beDeclaredInClassesThat()
            .haveNameMatching(".*\\.When[A-Z]\\w+Then[A-Z]\\w+")
            .andShould()
            .haveName("on");

    @ArchTest
    static final ArchRule reactionsArePackagePrivate =
            classes().that().haveNameMatching(".*\\.When\\w+Then\\w+").should().bePackagePrivate();

    @ArchTest
    static final ArchRule noEventProcessorRunsHere = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.axonframework.eventhandling..", "org.axonframework.config..");

    @ArchTest
    static final ArchRule moneyIsNoFloatingPoint = noFields()
            .that()
            .haveNameMatching("(?i).*(amount|price|total).*")
            .should()
            .haveRawType(double.class);

    @ArchTest
    static final ArchRule loggersAreConstants = fields().that()
            .haveRawType(org.slf4j.Logger.class)
            .should()
            .bePrivate()
            .andShould()
            .beFinal();

    @ArchTest
    static void everyPackageOfTheRulesHasClasses(JavaClasses classes) {
        for (String name : List.of(
                ROOT,
                ROOT + ".order",
                ROOT + ".user",
                ROOT + ".product",
                ROOT + ".recipient",
                ROOT + ".config",
                ROOT + ".deadletter",
                ROOT + ".deadletter.web",
                ROOT + ".delivery",
                ROOT + ".delivery.ledger",
                ROOT + ".delivery.mail",
                ROOT + ".delivery.template",
                ROOT + ".delivery.web",
                ROOT + ".queue.web")) {
            assertThat(classes.stream().map(JavaClass::getPackageName)).as(name).contains(name);
        }
    }
}
