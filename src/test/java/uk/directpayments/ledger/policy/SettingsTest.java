package uk.directpayments.ledger.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import uk.directpayments.ledger.kernel.FundingSource;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/** What a policy may say, and which of two is in force. Rulebook 7.9. */
class SettingsTest {

    private static final Settings STANDARD = Policy.standard().settings();

    @Test
    void theDefaultIsTheProductsCategoriesAndTheRulebooksSettings() {
        assertThat(Policy.standard().version()).isEqualTo("2025-default");
        assertThat(STANDARD.surplusWeeks()).isEqualTo(8);
        assertThat(STANDARD.minReclaim()).isEqualTo(Money.parse("50.00"));
        assertThat(STANDARD.number("child.in12MonthsMax")).isEqualTo(120);
        assertThat(STANDARD.is("adult.linkFullPeriods")).isTrue();
        assertThat(STANDARD.values().keySet().stream().filter(name -> name.startsWith("mcc.")))
                .hasSize(137);
        assertThat(STANDARD.category("7995").orElseThrow().reasonCode()).isEqualTo("GAMBLING");
    }

    @Test
    void aVersionFromBeforeASettingHasItsDefault() {
        assertThat(new Settings(Map.of()).surplusWeeks()).isEqualTo(8);
    }

    @Test
    void aSettingIsNamedWithDotsOrByObjectsWithinObjects() {
        assertThat(with("{'adult.linkFullPeriods': false}").is("adult.linkFullPeriods"))
                .isFalse();
        assertThat(with("{'adult': {'linkFullPeriods': false}}").is("adult.linkFullPeriods"))
                .isFalse();
        assertThat(with("{'delegatedAuthority': {'HEAD': 2500000}}").writeOffLimit("HEAD"))
                .isEqualTo(Money.parse("25000.00"));
        assertThat(with("{}").writeOffLimit("HEAD")).isEqualTo(Money.parse("5000.00"));
    }

    /** Rulebook 7.9. */
    @Test
    void anAuthorityIsTheOneThatIsNamedHoweverItIsWrittenAndAnInventedOneIsTheLeast() {
        Settings named = with("{'delegatedAuthority': {'TEAM_MANAGER': 1000, 'HEAD': 2500000}}");
        for (String same : List.of("TEAM_MANAGER", "Team_Manager", " team_manager ")) {
            assertThat(named.writeOffLimit(same)).as(same).isEqualTo(Money.parse("10.00"));
        }
        assertThat(named.writeOffLimit("head")).isEqualTo(Money.parse("25000.00"));
        for (String invented : List.of("CHIEF", "default", "TEAM MANAGER")) {
            assertThat(named.writeOffLimit(invented)).as(invented).isEqualTo(Money.parse("10.00"));
        }
        assertThat(with("{'delegatedAuthority': {'HEAD': 2500000}}").writeOffLimit("CHIEF"))
                .isEqualTo(Money.parse("5000.00"));
    }

    /** Rulebook 4.1. */
    @Test
    void aSourceIsPaidByWhomTheCouncilSaysAndIsRecoverableUnlessItSaysNotAndTheFamilysOwnIsTheFamilys() {
        assertThat(STANDARD.payerOrganisation(FundingSource.NHS_CONTINUING_CARE))
                .isNull();
        assertThat(STANDARD.isRecoverable(FundingSource.NHS_CONTINUING_CARE)).isTrue();
        Settings said = with("{'payerOrganisations': {'NHS_CONTINUING_CARE': 'North ICB'},"
                + " 'recoverable.NHS_CONTINUING_CARE': false}");
        assertThat(said.payerOrganisation(FundingSource.NHS_CONTINUING_CARE)).isEqualTo("North ICB");
        assertThat(said.isRecoverable(FundingSource.NHS_CONTINUING_CARE)).isFalse();
        assertThat(said.isRecoverable(FundingSource.CARER)).isTrue();
        assertThat(said.with(Settings.JSON.readTree("{\"payerOrganisations.NHS_CONTINUING_CARE\": null}"))
                        .payerOrganisation(FundingSource.NHS_CONTINUING_CARE))
                .isNull();
        for (FundingSource own : List.of(FundingSource.PARENT_TOP_UP, FundingSource.CLIENT_CONTRIBUTION)) {
            assertThat(said.payerOrganisation(own)).isEqualTo(Settings.FAMILY);
            assertThat(said.isRecoverable(own)).isFalse();
        }
    }

    @Test
    void aSourceHasTheCostCentreThatTheCouncilSaysUntilItTakesItAway() {
        assertThat(STANDARD.costCentre(FundingSource.CARER)).isNull();
        Settings said = with("{'costCentres': {'CARER': 'R1204/30'}}");
        assertThat(said.costCentre(FundingSource.CARER)).isEqualTo("R1204/30");
        assertThat(said.costCentre(FundingSource.SHORT_BREAKS)).isNull();
        assertThat(said.with(Settings.JSON.readTree("{\"costCentres.CARER\": null}"))
                        .costCentre(FundingSource.CARER))
                .isNull();
    }

    @Test
    void aCategoryIsChangedInPartAndTheOthersStay() {
        for (String change : new String[] {
            "{'mcc': {'5411': {'decision': 'ALLOWED'}}}",
            "{'mcc.5411': {'decision': 'ALLOWED'}}",
            "{'mccs': [{'mcc': '5411', 'decision': 'ALLOWED', 'severity': 'NONE'}]}"
        }) {
            Settings changed = with(change);
            assertThat(changed.category("5411").orElseThrow().decision()).isEqualTo(Decision.ALLOWED);
            assertThat(changed.category("5411").orElseThrow().name()).isEqualTo("Grocery stores and supermarkets");
            assertThat(changed.differences(STANDARD)).containsExactly("mcc.5411");
        }
    }

    @Test
    void aMerchantIsFoundByItsNameWhateverItsSigns() {
        Settings listed = with("{'merchants': {'care': {'names': ['ACME Care Ltd'], 'kind': 'HOME_CARE_AGENCY'}}}");
        assertThat(listed.merchant("acme-care, LTD")).isEqualTo("care");
        assertThat(listed.merchant("acme")).isNull();
        assertThat(listed.merchantById("care").orElseThrow().kind()).isEqualTo(Merchant.Kind.HOME_CARE_AGENCY);
    }

    @Test
    void withoutAMerchantCategoryANameIsFoundAmongOtherWordsButInNoOther() {
        Settings listed = with("{'merchants': {'bets': {'names': ['Ladbrokes', 'Lucky-Seven']},"
                + " 'care': {'names': ['Seven Care']}, 'home': {'names': ['Lucky Seven Care Home']}}}");
        assertThat(listed.merchant("LADBROKES 1234 LEEDS", null)).isEqualTo("bets");
        assertThat(listed.merchant("LADBROKES 1234 LEEDS", "7995")).isNull();
        assertThat(listed.merchant("ladbrokes", "7995")).isEqualTo("bets");
        assertThat(listed.merchant("CARD*LUCKYSEVEN/12", null)).isEqualTo("bets");
        assertThat(listed.merchant("To Lucky Seven", null)).isEqualTo("bets");
        assertThat(listed.merchant("PAID LUCKY SEVEN CARE HOME LTD", null)).isEqualTo("home");
        assertThat(listed.merchant("Ladbrokesham Parish", null)).isNull();
        assertThat(listed.merchant("Seven", null)).isNull();
        assertThat(listed.merchant("", null)).isNull();
    }

    /** Such were accepted once, and what has been published stands. */
    @Test
    void aNameThatSaysNothingOnAListOfLongAgoIsNobodys() {
        Settings listed = new Settings(Map.of("merchants.x", "{\"names\":[null,\"\",\"--\",\"Acme\"]}"));
        assertThat(listed.merchant("acme")).isEqualTo("x");
        assertThat(listed.merchant("Fish Bar")).isNull();
        assertThat(listed.merchant("***")).isNull();
        assertThat(listed.merchant("***", null)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'child.in12MonthsMax': 121} | SETTING_OUT_OF_RANGE | settings.child.in12MonthsMax",
                "{'child': {'singlePeriodMax': 29}} | SETTING_OUT_OF_RANGE | settings.child.singlePeriodMax",
                "{'adult.linkedMax': 0} | SETTING_OUT_OF_RANGE | settings.adult.linkedMax",
                "{'surplusWeeks': 53} | SETTING_OUT_OF_RANGE | settings.surplusWeeks",
                "{'surplusWeeks': 4.5} | FIELD_INVALID | settings.surplusWeeks",
                "{'surplusWeeks': '4'} | FIELD_INVALID | settings.surplusWeeks",
                "{'surplusWeek': 4} | FIELD_UNKNOWN | settings.surplusWeek",
                "{'child': {'maximum': 4}} | FIELD_UNKNOWN | settings.child.maximum",
                "{'child': 4} | FIELD_UNKNOWN | settings.child",
                "{'dayCountBasis': 'DAYS'} | FIELD_INVALID | settings.dayCountBasis",
                "{'payDuringDispute': 'yes'} | FIELD_INVALID | settings.payDuringDispute",
                "{'mcc.5411': {'decision': 'PERHAPS'}} | FIELD_INVALID | settings.mcc.5411",
                "{'mcc.541': {'decision': 'QUERY'}} | FIELD_UNKNOWN | settings.mcc.541",
                "{'mcc.1234': {'decision': 'QUERY'}} | FIELD_INVALID | settings.mcc.1234",
                "{'costCentres.LOTTERY': 'R1'} | FIELD_UNKNOWN | settings.costCentres.LOTTERY",
                "{'costCentres.CARER': 7} | FIELD_INVALID | settings.costCentres.CARER",
                "{'payerOrganisations.PARENT_TOP_UP': 'ICB'} | FIELD_UNKNOWN | settings.payerOrganisations.PARENT_TOP_UP",
                "{'payerOrganisations': {'CARER': '=1+1'}} | FIELD_INVALID | settings.payerOrganisations.CARER",
                "{'recoverable.CLIENT_CONTRIBUTION': true} | FIELD_UNKNOWN | settings.recoverable.CLIENT_CONTRIBUTION",
                "{'recoverable.LOTTERY': true} | FIELD_UNKNOWN | settings.recoverable.LOTTERY",
                "{'recoverable': {'CARER': 'yes'}} | FIELD_INVALID | settings.recoverable.CARER",
                "{'recoverable.CARER': null} | FIELD_INVALID | settings.recoverable.CARER",
                "{'costCentres': {'CARER': '=1+1'}} | FIELD_INVALID | settings.costCentres.CARER",
                "{'mcc.5411': {'allowedWhen': [null]}} | FIELD_INVALID | settings.mcc.5411",
                "{'mcc.5411': {'byLegalBasis': {'CHILD_S17A': null}}} | FIELD_INVALID | settings.mcc.5411",
                "{'mcc.5411': {'decision': null}} | FIELD_INVALID | settings.mcc.5411",
                "{'mcc.5411': {'planOverride': null}} | FIELD_INVALID | settings.mcc.5411",
                "{'mcc.5995': {'reasonCode': ''}} | FIELD_INVALID | settings.mcc.5995",
                "{'mcc.5995': {'name': ' '}} | FIELD_INVALID | settings.mcc.5995",
                "{'mcc.5995': {'queryOverPence': -5}} | SETTING_OUT_OF_RANGE | settings.mcc.5995.queryOverPence",
                "{'mccs': [{'mcc': '5995', 'queryOverPence': 100000000000}]} | SETTING_OUT_OF_RANGE | settings.mcc.5995.queryOverPence",
                "{'merchants.x': {'names': ['Acme'], 'decision': 'QUERY', 'reasonCode': ''}} | FIELD_INVALID | settings.merchants.x",
                "{'mccs': [null]} | FIELD_INVALID | settings.mccs",
                "{'surplusWeeks': null} | FIELD_INVALID | settings.surplusWeeks",
                "{'adult': null} | FIELD_UNKNOWN | settings.adult",
                "{'merchants.x': {'names': []}} | FIELD_INVALID | settings.merchants.x",
                "{'merchants.x': {'names': null}} | FIELD_INVALID | settings.merchants.x",
                "{'merchants': {'x': {'names': ['Acme', null]}}} | FIELD_INVALID | settings.merchants.x",
                "{'merchants.x': {'names': ['']}} | FIELD_INVALID | settings.merchants.x",
                "{'merchants.x': {'names': ['Acme', '---']}} | FIELD_INVALID | settings.merchants.x"
            })
    void whatIsNoSettingOrOutOfRangeIsRefusedByName(String changes, String code, String field) {
        assertThatThrownBy(() -> with(changes)).isInstanceOfSatisfying(RuleBroken.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(code);
            assertThat(refusal.field()).isEqualTo(field);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'child.in12MonthsMax': 100}", "{'child.singlePeriodMax': 28}", "{'adult.linkedMax': 1}"})
    void aStatutoryLimitMayBeLowered(String changes) {
        assertThat(with(changes)).isNotNull();
    }

    @Test
    void theNewestVersionThatHasBegunIsInForceAndTheEarliestAnswersForTheDaysBefore() {
        Timeline timeline = new Timeline();
        assertThat(timeline.inForce(day("2020-01-01"))).isEqualTo("2025-default");
        timeline.add(day("2026-04-01"), "2026-1");
        timeline.add(day("2026-01-01"), "2026-2");
        timeline.add(day("2026-04-01"), "2026-3");
        assertThat(timeline.inForce(day("2025-12-31"))).isEqualTo("2025-default");
        assertThat(timeline.inForce(day("2026-01-01"))).isEqualTo("2026-2");
        assertThat(timeline.inForce(day("2026-04-01"))).isEqualTo("2026-3");
        timeline.add(day("2024-04-01"), "2024-4");
        assertThat(timeline.inForce(day("2020-01-01"))).isEqualTo("2024-4");
        assertThat(timeline.inForce(day("2025-04-01"))).isEqualTo("2025-default");
    }

    private static Settings with(String changes) {
        return STANDARD.with(Settings.JSON.readTree(changes.replace('\'', '"')));
    }

    private static LocalDate day(String day) {
        return LocalDate.parse(day);
    }
}
