package uk.directpayments.ledger.demo;

import static uk.directpayments.ledger.kernel.FundingSource.ADULT_SOCIAL_CARE;
import static uk.directpayments.ledger.kernel.FundingSource.EDUCATION_HIGH_NEEDS;
import static uk.directpayments.ledger.kernel.FundingSource.NHS_CONTINUING_CARE;
import static uk.directpayments.ledger.kernel.FundingSource.PERSONAL_TRAVEL;
import static uk.directpayments.ledger.kernel.FundingSource.SHORT_BREAKS;
import static uk.directpayments.ledger.kernel.FundingSource.SOCIAL_CARE_CHILD;
import static uk.directpayments.ledger.kernel.LegalBasis.ADULT_CARE_ACT;
import static uk.directpayments.ledger.kernel.LegalBasis.CHILD_S17A;
import static uk.directpayments.ledger.kernel.LegalBasis.NHS_12A;
import static uk.directpayments.ledger.kernel.LegalBasis.SEN_S49;
import static uk.directpayments.ledger.kernel.LegalBasis.TRAVEL;

import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import uk.directpayments.ledger.demo.CaseFile.Instalment;
import uk.directpayments.ledger.kernel.Money;

/**
 * What happens to the people of the synthetic council: one story a person, told in the words of a {@link CaseFile}. Later features add
 * their own here, at the end of a story or as a story of their own.
 */
final class Stories {

    /** The first dozen have every legal basis and every mode; whoever wants fewer people takes the first. */
    static final List<Consumer<CaseFile>> ALL = List.of(
            Stories::child,
            Stories::adultWithContribution,
            Stories::educationPlan,
            Stories::continuingHealthCare,
            Stories::travel,
            Stories::combination,
            Stories::managedByOrganisation,
            Turns::corrections,
            Stories::refused,
            Turns::died,
            Turns::returnedPayment,
            Turns::inHospital,
            Turns::oddSpending,
            Stories::deferred,
            Stories::indicativeOnly,
            Stories::requestedOnly,
            Stories::supportedByOrganisation,
            Turns::shortBreaks,
            Turns::reserves,
            Turns::revisedInMidYear,
            Turns::parentTopUp,
            Turns::overspent,
            Turns::surplus,
            Turns::closed,
            Turns::budgetOfEachYear,
            Stories::councilManaged,
            Turns::respite,
            Turns::nameCorrected,
            Stories::child,
            Stories::child,
            Stories::continuingHealthCare,
            Stories::adultWithContribution,
            Stories::adultWithContribution,
            Stories::adultAtHome,
            Stories::adultAtHome,
            Stories::educationPlan,
            Stories::educationPlan,
            Stories::continuingHealthCare,
            Stories::travel,
            Stories::combination);

    private static final List<String> FIRST_NAMES = List.of(
            "Alma", "Bela", "Cato", "Dora", "Egon", "Fern", "Gwen", "Hugo", "Iris", "Jude", "Kira", "Liam", "Mona",
            "Nils", "Opal", "Paul", "Quin", "Rosa", "Saul", "Thea", "Ugo", "Vera", "Wade", "Xena", "Yann", "Zoe");
    private static final List<String> LAST_NAMES = List.of("Testcase", "Sample", "Example", "Placeholder", "Specimen");

    /** What is usually spent of a payment, in percent. */
    static final int MOST = 94;

    private Stories() {}

    static void tell(int number, CaseFile file) {
        ALL.get(number - 1).accept(file);
    }

    static void register(CaseFile file, int age) {
        int number = Integer.parseInt(file.personId().substring("PERSON-".length())) - 1;
        file.register(
                FIRST_NAMES.get(number % FIRST_NAMES.size()) + " " + LAST_NAMES.get(number % LAST_NAMES.size()), age);
    }

    // ── ordinary lives ───────────────────────────────────────────────────────────────────────────────────────────

    /** @param pounds a year */
    static Line childCare(int pounds) {
        return Line.of("CARE", SOCIAL_CARE_CHILD, "CARE_AND_SUPPORT", pounds).allowing(Shop.PLANNED);
    }

    /** A child with a final budget over both years, and a parent's card opened on the first day: paid every four weeks. */
    static List<Instalment> childOnCard(CaseFile file) {
        LocalDate from = file.years().lastFrom();
        register(file, 10);
        file.agree(CHILD_S17A, childCare(file.about(4_800)));
        file.consent("PARENT", from.minusDays(10));
        file.open("PREPAID_CARD", "PARENT", from);
        return file.schedule("CARE", "FOUR_WEEKLY", from.plusDays(6), null);
    }

    static List<Instalment> adultAtBank(CaseFile file, Money contribution) {
        LocalDate from = file.years().lastFrom();
        register(file, 44);
        file.agree(ADULT_CARE_ACT, Line.of("CARE", ADULT_SOCIAL_CARE, "CARE_AND_SUPPORT", file.about(9_600)));
        file.consent("ADULT", from.minusDays(10));
        file.open("BANK_ACCOUNT", "ADULT", from);
        return file.schedule("CARE", "FOUR_WEEKLY", from.plusDays(3), contribution.isZero() ? null : contribution);
    }

    private static void child(CaseFile file) {
        file.live(childOnCard(file), Shop.CARE, MOST);
    }

    private static void adultWithContribution(CaseFile file) {
        file.live(adultAtBank(file, pounds(60)), Shop.WAGES, MOST);
    }

    private static void adultAtHome(CaseFile file) {
        file.live(adultAtBank(file, Money.ZERO), Shop.WAGES, MOST);
    }

    private static void educationPlan(CaseFile file) {
        LocalDate from = file.years().lastFrom();
        register(file, 12);
        file.agree(
                SEN_S49,
                Line.of("TUTOR", EDUCATION_HIGH_NEEDS, "TUITION", file.about(3_600))
                        .allowing(Shop.PLANNED),
                Line.of("THERAPY", EDUCATION_HIGH_NEEDS, "THERAPY", 1_200).allowing("8011"));
        file.consent("PARENT", from.minusDays(10));
        file.open("PREPAID_CARD", "PARENT", from);
        file.live(file.schedule("TUTOR", "MONTHLY", from.plusDays(9), null), Shop.LEARNING, MOST);
        file.live(file.schedule("THERAPY", "QUARTERLY", from.plusDays(9), null), Shop.LEARNING, MOST);
    }

    private static void continuingHealthCare(CaseFile file) {
        LocalDate from = file.years().lastFrom();
        register(file, 38);
        file.agree(NHS_12A, Line.of("NURSING", NHS_CONTINUING_CARE, "NURSING", file.about(14_400)));
        file.consent("ADULT", from.minusDays(10));
        file.open("BANK_ACCOUNT", "ADULT", from);
        file.live(file.schedule("NURSING", "MONTHLY", from.plusDays(4), null), Shop.HEALTH, MOST);
    }

    private static void travel(CaseFile file) {
        LocalDate from = file.years().lastFrom();
        register(file, 13);
        file.agree(
                TRAVEL,
                Line.of("TRAVEL", PERSONAL_TRAVEL, "TRANSPORT", file.about(1_800))
                        .allowing(Shop.PLANNED));
        file.consent("PARENT", from.minusDays(10));
        file.open("PREPAID_CARD", "PARENT", from);
        file.live(file.schedule("TRAVEL", "QUARTERLY", from.plusDays(5), null), Shop.TRAVEL, MOST);
    }

    /** Three lines in three modes: one on the parent's card, one through the organisation, one that the council manages. */
    private static void combination(CaseFile file) {
        LocalDate from = file.years().lastFrom();
        register(file, 11);
        file.agree(
                CHILD_S17A,
                childCare(file.about(3_600)),
                Line.of("BREAKS", SHORT_BREAKS, "SHORT_BREAKS", 1_200).managed(Line.THIRD_PARTY),
                Line.of("EQUIPMENT", SOCIAL_CARE_CHILD, "EQUIPMENT", 600).managed(Line.COUNCIL_MANAGED));
        file.consent("PARENT", from.minusDays(10));
        file.open("PREPAID_CARD", "PARENT", from);
        file.live(file.schedule("CARE", "FOUR_WEEKLY", from.plusDays(6), null), Shop.CARE, MOST);
        file.openAtOrganisation("SUPPORTED", from);
        file.live(file.schedule("BREAKS", "QUARTERLY", from.plusDays(20), null), Shop.CARE, MOST);
    }

    private static void councilManaged(CaseFile file) {
        register(file, 51);
        file.agree(
                ADULT_CARE_ACT,
                Line.of("DAYCARE", ADULT_SOCIAL_CARE, "DAY_CARE", file.about(6_000))
                        .managed(Line.COUNCIL_MANAGED));
    }

    private static void managedByOrganisation(CaseFile file) {
        atOrganisation(file, "MANAGED");
    }

    private static void supportedByOrganisation(CaseFile file) {
        atOrganisation(file, "SUPPORTED");
    }

    private static void atOrganisation(CaseFile file, String type) {
        LocalDate from = file.years().lastFrom();
        register(file, 29);
        file.agree(
                ADULT_CARE_ACT,
                Line.of("CARE", ADULT_SOCIAL_CARE, "CARE_AND_SUPPORT", file.about(7_200))
                        .managed(Line.THIRD_PARTY));
        file.consent("NOMINEE", from.minusDays(10));
        file.openAtOrganisation(type, from);
        file.live(file.schedule("CARE", "MONTHLY", from.plusDays(14), null), Shop.WAGES, MOST);
    }

    // ── no budget, or not yet ────────────────────────────────────────────────────────────────────────────────────

    private static void refused(CaseFile file) {
        LocalDate from = file.years().lastYear(150);
        register(file, 14);
        file.request(SEN_S49, from);
        file.indicative(pounds(2_400), from, file.years().lastTo());
        file.refuse("The provision can be made without a direct payment", from.minusDays(15));
    }

    private static void deferred(CaseFile file) {
        LocalDate from = file.years().lastYear(300);
        register(file, 62);
        file.request(ADULT_CARE_ACT, from);
        file.indicative(pounds(5_200), from, file.years().lastTo());
        file.panel("DEFERRED", null, "The costs of the agency are missing", from.minusDays(20));
    }

    private static void indicativeOnly(CaseFile file) {
        LocalDate from = file.years().lastYear(330);
        register(file, 15);
        file.request(TRAVEL, from);
        file.indicative(pounds(1_500), from, file.years().lastTo());
    }

    private static void requestedOnly(CaseFile file) {
        register(file, 9);
        file.request(CHILD_S17A, file.years().lastYear(340));
    }

    static Money pounds(int pounds) {
        return Money.ofPence(pounds * 100L);
    }
}
