package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.support.Caller.Answer;
import uk.directpayments.ledger.support.RunningLedger;

/** A file is looked at before it is sent; and card feeds of platforms that write another form than the ledger's. */
class StatementPreviewTest extends RunningLedger {

    private static final String PATH = "/api/v1/statements";

    @Test
    void aPreviewTellsWhatEachLineWouldBecomeAndRecordsNothing() {
        String account = opened("2026-01-01", "2026-12-31", "1000.00").accountId();
        for (String payee : List.of("Shop", "Shop", "Carer")) {
            ok(finance()
                    .post(
                            "/api/v1/accounts/" + account + "/expenditures",
                            "{\"amount\":\"%s\",\"on\":\"2026-03-03\",\"payee\":\"%s\"}"
                                    .formatted(payee.equals("Carer") ? "9.00" : "7.00", payee)));
        }
        String first = "Date,Description,Amount\n31/03/2026,Old,-1.00\n";
        ok(finance().upload(PATH, first, "accountId", account));
        String file =
                first + "15/03/2026,Bus,-2.00\n15/03/2026,Bus,-2.00\n16/03/2026,Aunt,5.00\n13/03/2099,Bus,-2.00\n";
        String mapped = "Date,Who,Amount\n15/03/2026,Carer,-9.00\n16/03/2026,Shop,-7.00\n"
                .replace("15/03", "04/03")
                .replace("16/03", "04/03");
        String mapping = "{\"date\":\"Date\",\"payee\":\"Who\",\"amount\":\"Amount\",\"dateOrder\":\"DMY\"}";
        long before = head();

        JsonNode told = ok(finance().upload(PATH + "/preview", file, "accountId", account))
                .json();
        assertThat(told.path("format").asString()).isEqualTo("csv");
        assertThat(told.path("mapping").path("description").asString()).isEqualTo("Description");
        assertThat(List.of(
                        told.path("lines").asInt(),
                        told.path("fresh").asInt(),
                        told.path("duplicates").asInt()))
                .containsExactly(5, 3, 1);
        assertThat(told.at("/rejected/0/code").asString()).isEqualTo("DATE_IN_FUTURE");
        assertThat(becomes(told)).containsExactly("DUPLICATE", "RECORDED", "RECORDED", "UNMATCHED");
        JsonNode other = ok(finance().upload(PATH + "/preview", mapped, "accountId", account, "mapping", mapping))
                .json();
        assertThat(becomes(other)).containsExactly("MATCHED", "SUGGESTED");
        Answer unclear = finance().upload(PATH + "/preview", mapped, "accountId", account);
        assertThat(unclear.code()).isEqualTo("STATEMENT_UNREADABLE");

        assertThat(head()).isEqualTo(before);
        assertThat(jdbc.sql("SELECT count(*) FROM statement_line_source WHERE account_id = :id")
                        .param("id", account)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        ok(finance().upload(PATH, file, "accountId", account));
        assertThat(ok(finance()
                                .upload(
                                        PATH + "/preview",
                                        file.replace("13/03/2099,Bus,-2.00\n", ""),
                                        "accountId",
                                        account))
                        .json()
                        .path("fresh")
                        .asInt())
                .isZero();
    }

    @Test
    void whatTheImportRejectsAsBeforeTheAccountsOpeningIsForetold() {
        String account = opened("2026-02-01", "2026-12-31", "1000.00").accountId();
        String file = "Date,Description,Amount\n2026-01-31,Bus,-2.00\n2026-01-31,Aunt,5.00\n2026-02-01,Bus,-2.00\n"
                + "2026-01-30,Bus,-1.00\n".repeat(StatementPreview.SHOWN);

        JsonNode told = ok(finance().upload(PATH + "/preview", file, "accountId", account))
                .json();
        JsonNode sent = ok(finance().upload(PATH, file, "accountId", account)).json();

        assertThat(becomes(told).subList(0, 4)).containsExactly("REJECTED", "UNMATCHED", "RECORDED", "REJECTED");
        assertThat(told.path("fresh").asInt()).isEqualTo(2);
        assertThat(told.path("rejectedTotal").asInt())
                .isEqualTo(1 + StatementPreview.SHOWN)
                .isEqualTo(sent.path("rejectedTotal").asInt());
        assertThat(told.at("/rejected/0")).isEqualTo(sent.at("/rejected/0"));
        assertThat(told.at("/rejected/0/code").asString()).isEqualTo("DATE_BEFORE_OPENING");
    }

    @Test
    void anotherFormatsEntriesAndAGapAreForetold() {
        String account = opened("2026-01-01", "2026-12-31", "1000.00").accountId();
        ok(finance()
                .upload(
                        PATH,
                        BankFiles.camt(
                                "10.00",
                                "6.00",
                                BankFiles.entry("2026-03-31", "-2.00", "Bus", "R1"),
                                BankFiles.entry("2026-03-31", "-2.00", "Bus", "R2")),
                        "accountId",
                        account));
        String mt940 = BankFiles.mt940(
                "C260331GBP60,00",
                "C260331GBP54,00",
                ":61:260331D2,00NTRFX//B1",
                ":61:260331D2,00NTRFX//B2",
                ":61:260331D2,00NTRFX//B3");
        JsonNode told = ok(finance().upload(PATH + "/preview", mt940, "accountId", account))
                .json();
        assertThat(becomes(told)).containsExactly("DUPLICATE", "DUPLICATE", "RECORDED");
        assertThat(told.path("gap").asBoolean()).isTrue();
        assertThat(told.path("opening").asString()).isEqualTo("60.00");
    }

    @Test
    void aCardPlatformsOwnColumnsAreMappedAndRememberedForItsNextFile() {
        String card = fresh("CARD");
        String account = opened(
                        "2026-01-01",
                        "2026-12-31",
                        "1000.00",
                        "[{\"lineId\":\"L1\",\"fundingSource\":\"SOCIAL_CARE_CHILD\",\"mode\":\"DIRECT_PAYMENT\",\"category\":\"CARE\",\"annualAmount\":\"1000.00\"}]",
                        "{\"cardRef\":\"%s\"}".formatted(card))
                .accountId();
        ok(finance()
                .post(
                        "/api/v1/accounts/" + account + "/payments",
                        "{\"lineId\":\"L1\",\"amount\":\"50.00\",\"on\":\"2026-03-02\"}"));
        String head = "Card;Id;Posted;What;Value;Merchant;Code\n";
        String file = head
                + "%1$s;T1;02/03/2026 10:00;Top up;50.00;;\n%1$s;T2;03/03/2026 09:30;POS;12.00;Shop;5411\n"
                        .formatted(card);
        String mapping = """
                {"accountRef":"Card","txnId":"Id","settledAt":"Posted","type":"What","amount":"Value","merchantName":"Merchant","mcc":"Code",
                 "types":{"POS":"PURCHASE","Top up":"LOAD"},"unsigned":true,"localTime":true,"dateOrder":"DMY","separator":";"}""";

        assertThat(finance().upload(PATH, file, "format", "card-feed").code()).isEqualTo("STATEMENT_UNREADABLE");
        JsonNode sent = ok(finance().upload(PATH, file, "format", "card-feed", "mapping", mapping))
                .json();
        assertThat(List.of(sent.path("recorded").asInt(), sent.path("matched").asInt()))
                .containsExactly(1, 1);
        String next =
                head + card + ";T3;04/03/2026;POS;3.00;Shop;5411\n" + card + ";T4;05/03/2026;GIFT;3.00;Shop;5411\n";
        JsonNode after = ok(finance().upload(PATH, next, "format", "card-feed")).json();
        assertThat(after.path("recorded").asInt()).isEqualTo(1);
        assertThat(after.at("/rejected/0/code").asString()).isEqualTo("FIELD_INVALID");
        assertThat(ok(finance().get("/api/v1/accounts/" + account + "/balance"))
                        .json()
                        .path("balance")
                        .asString())
                .isEqualTo("35.00");
        for (String wrong : List.of("{}", "[]", mapping.replace("PURCHASE", "BUY"), mapping.replace("Posted", ""))) {
            assertThat(finance()
                            .upload(PATH, file, "format", "card-feed", "mapping", wrong)
                            .code())
                    .as(wrong)
                    .isEqualTo("FIELD_INVALID");
        }
        assertThat(finance()
                        .upload(
                                PATH,
                                file,
                                "format",
                                "card-feed",
                                "mapping",
                                mapping.replace("\"Merchant\"", "\"None\""))
                        .code())
                .isEqualTo("STATEMENT_UNREADABLE");
    }

    @Test
    void aFileSaysWhetherItIsOfTheAccountsOwnBankAccount() {
        String camt = BankFiles.camt("0.00", "-2.00", BankFiles.entry("2026-03-31", "-2.00", "Bus", "R1"));
        List<String> files = List.of(
                camt,
                camt.replace("<Othr><Id>20304012345678</Id></Othr>", "<IBAN>GB29NWBK20304012345678</IBAN>"),
                BankFiles.mt940("C260331GBP2,00", "C260331GBP0,00", ":61:260331D2,00NTRFX//B1"),
                BankFiles.ofx("GBP", List.of(BankFiles.ofxLine("20260331", "-2.00", "F1", "Bus"))));
        String ours = held("{\"sortCode\":\"20-30-40\",\"accountNumber\":\"12345678\"}");
        String another = held("{\"sortCode\":\"203040\",\"accountNumber\":\"12345679\"}");
        String card = held("{\"cardRef\":\"" + fresh("CARD") + "\"}");

        for (String file : files) {
            assertThat(bankAccount(file, ours)).as(file).isEqualTo("MATCHES");
            assertThat(bankAccount(file, another)).as(file).isEqualTo("DIFFERS");
            assertThat(bankAccount(file, card)).as(file).isEqualTo("UNKNOWN");
        }
        String csv = "Date,Description,Amount\n31/03/2026,Bus,-2.00\n";
        assertThat(bankAccount(csv, ours)).isEqualTo("UNKNOWN");
        assertThat(bankAccount(camt.replace("20304012345678", "SAVINGS"), ours)).isEqualTo("UNKNOWN");
    }

    private String held(String bankDetails) {
        return opened(
                        "2026-01-01",
                        "2026-12-31",
                        "1000.00",
                        "[{\"lineId\":\"L1\",\"fundingSource\":\"SOCIAL_CARE_CHILD\",\"mode\":\"DIRECT_PAYMENT\",\"category\":\"CARE\",\"annualAmount\":\"1000.00\"}]",
                        bankDetails)
                .accountId();
    }

    private String bankAccount(String file, String account) {
        return ok(finance().upload(PATH + "/preview", file, "accountId", account))
                .json()
                .path("bankAccount")
                .asString();
    }

    private static List<String> becomes(JsonNode preview) {
        return preview.path("items")
                .valueStream()
                .map(line -> line.path("becomes").asString())
                .toList();
    }
}
