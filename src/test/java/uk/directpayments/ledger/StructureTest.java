package uk.directpayments.ledger;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.validation.Constraint;
import jakarta.validation.Valid;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.spring.stereotype.Aggregate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.LedgerStream;
import uk.directpayments.ledger.platform.Projection;

/** The house as {@code src/docs/house.md} draws it: which room may lean on which, and what each kind of class may touch. */
@AnalyzeClasses(packages = "uk.directpayments.ledger", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {

    private static final String ROOT = "uk.directpayments.ledger.";

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theKernelDependsOnNothing = noClasses()
            .that()
            .resideInAPackage(ROOT + "kernel")
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "are outside the JDK and the kernel",
                    type -> !type.getPackageName().startsWith("java.")
                            && !type.getPackageName().startsWith("org.jspecify")
                            && !type.getPackageName().equals(ROOT + "kernel")));

    @ArchTest
    static final ArchRule thePlatformKnowsNoRoom = noClasses()
            .that()
            .resideInAPackage(ROOT + "platform")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    ROOT + "person",
                    ROOT + "policy",
                    ROOT + "budget",
                    ROOT + "account",
                    ROOT + "residential",
                    ROOT + "spending",
                    ROOT + "intake",
                    ROOT + "payout",
                    ROOT + "audit",
                    ROOT + "organisation",
                    ROOT + "demo",
                    ROOT + "web",
                    ROOT + "report");

    @ArchTest
    static final ArchRule roomsAreFlat =
            classes().should().resideInAnyPackage(ROOT.substring(0, ROOT.length() - 1), ROOT + "*");

    @ArchTest
    static final ArchRule anAggregateReadsNoTableAndSendsNoCommand = noClasses()
            .that()
            .areAssignableTo(LedgerStream.class)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(JdbcClient.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Projection.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Commands.class);

    @ArchTest
    static final ArchRule aProjectionSendsNoCommand = noClasses()
            .that()
            .areAssignableTo(Projection.class)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Commands.class);

    @ArchTest
    static final ArchRule rulesArePure = noClasses()
            .that()
            .haveSimpleNameEndingWith("Rules")
            .and()
            .resideOutsideOfPackage(ROOT + "platform")
            .or()
            .haveSimpleName("Spending")
            .or()
            .haveSimpleName("Postings")
            .or()
            .haveSimpleName("DayCount")
            .or()
            .haveSimpleName("DaySet")
            .or()
            .haveSimpleName("LimitSpan")
            .or()
            .haveSimpleName("WorkingDays")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "java.sql..", "org.axonframework..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.time.Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.util.Random.class);

    @ArchTest
    static final ArchRule onlyThePlatformAndAuditReadTheLog = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "platform", ROOT + "audit")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(EventStore.class);

    @ArchTest
    static final ArchRule everyAggregateIsAStreamWithASnapshotName = classes()
            .that()
            .areAnnotatedWith(Aggregate.class)
            .should()
            .beAssignableTo(LedgerStream.class)
            .andShould()
            .beAnnotatedWith(EventName.class);

    @ArchTest
    static final ArchRule everyRequestBodyIsValidated = methods()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(RestController.class)
            .should(new ArchCondition<JavaMethod>("validate each request body") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    method.getParameters().stream()
                            .filter(p -> p.isAnnotatedWith(RequestBody.class) && !p.isAnnotatedWith(Valid.class))
                            .forEach(p -> events.add(SimpleConditionEvent.violated(
                                    method, method.getFullName() + " takes a body without @Valid")));
                }
            });

    @ArchTest
    static final ArchRule apisArePackagePrivate = classes()
            .that()
            .areAnnotatedWith(RestController.class)
            .should(new ArchCondition<JavaClass>("be package-private") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    if (type.getModifiers().contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC)) {
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " is public"));
                    }
                }
            });

    /** Written between a class and the one nested in it, it belongs to the type, and nobody asks for it. */
    @ArchTest
    static void whatIsRequiredOfAFieldIsAskedFor(JavaClasses classes) {
        List<String> unasked = classes.stream()
                .filter(JavaClass::isRecord)
                .flatMap(type -> Arrays.stream(type.reflect().getDeclaredFields()))
                .filter(field -> Arrays.stream(field.getAnnotatedType().getAnnotations())
                        .map(Annotation::annotationType)
                        .anyMatch(one -> one.isAnnotationPresent(Constraint.class) && !field.isAnnotationPresent(one)))
                .map(Field::toString)
                .toList();
        assertThat(unasked).isEmpty();
    }
}
