package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static uk.directpayments.ledger.intake.BankFiles.amount;
import static uk.directpayments.ledger.intake.BankFiles.balance;
import static uk.directpayments.ledger.intake.BankFiles.bytes;
import static uk.directpayments.ledger.intake.BankFiles.camt;
import static uk.directpayments.ledger.intake.BankFiles.camtOf;
import static uk.directpayments.ledger.intake.BankFiles.entry;
import static uk.directpayments.ledger.intake.BankFiles.mt940;
import static uk.directpayments.ledger.intake.BankFiles.ofx;
import static uk.directpayments.ledger.intake.BankFiles.ofxLine;
import static uk.directpayments.ledger.intake.BankFiles.statement;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import uk.directpayments.ledger.account.AccountEvent.SpendType;
import uk.directpayments.ledger.intake.StatementLine.Kind;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.kernel.RuleBroken;

/** What the files of banks say, in every format. */
@ExtendWith(OutputCaptureExtension.class)
class BankReadersTest {

    private final CamtReader camt = new CamtReader(StatementLimits.DEFAULT);
    private final OfxReader ofx = new OfxReader(StatementLimits.DEFAULT);
    private final Mt940Reader mt940 = new Mt940Reader(StatementLimits.DEFAULT);
    private final CsvStatementReader csv = new CsvStatementReader(StatementLimits.DEFAULT, null);

    // ── camt.053 ─────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aCamtStatementGivesItsEntriesInOrderWithTheirSignsAndBalances() {
        Heard heard = Heard.from(
                camt,
                bytes(camt(
                        "100.00",
                        "157.50",
                        entry("2026-03-02", "-12.50", "Tom &amp; Co", "R1"),
                        entry("2026-03-03", "70.00", "COUNCIL", "R2"))));

        assertThat(heard.lines)
                .extracting(
                        StatementLine::lineNumber,
                        StatementLine::externalRef,
                        StatementLine::on,
                        StatementLine::kind,
                        line -> line.amount().toString(),
                        StatementLine::payee)
                .containsExactly(
                        tuple(1, "R1", LocalDate.of(2026, 3, 2), Kind.DEBIT, "-12.50", "Tom & Co"),
                        tuple(2, "R2", LocalDate.of(2026, 3, 3), Kind.CREDIT, "70.00", "COUNCIL"));
        assertThat(heard.balances)
                .containsExactly(new StatementBalances(
                        "20304012345678",
                        Money.parse("100.00"),
                        Money.parse("157.50"),
                        2,
                        LocalDate.of(2026, 3, 1),
                        LocalDate.of(2026, 3, 31),
                        List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1", "windows-1252", "UTF-16", "UTF-16LE", "UTF-16BE"})
    void aCamtStatementIsReadInTheEncodingThatItDeclares(String encoding) {
        String file = camt("1.00", "0.00", entry("2026-03-02", "-1.00", "Caf\u00e9", "R1"))
                .replace("UTF-8", encoding);
        for (String mark : encoding.equals("UTF-8") ? List.of("", "\uFEFF") : List.of("")) {
            assertThat(Heard.from(camt, (mark + file).getBytes(Charset.forName(encoding))).lines)
                    .extracting(StatementLine::payee)
                    .containsExactly("Caf\u00e9");
        }
    }

    @Test
    void aCamtFileThatIsNoTextInItsEncodingIsRefusedWithoutAWordBesideTheLog(CapturedOutput output) {
        String file = camt("1.00", "0.00", entry("2026-03-02", "-1.00", "Caf\u00e9", "R1"));
        for (String encoding : List.of("UTF-8", "US-ASCII", "NEVER-HEARD-OF")) {
            byte[] other = file.replace("UTF-8", encoding).getBytes(StandardCharsets.ISO_8859_1);
            assertThatExceptionOfType(RuleBroken.class)
                    .isThrownBy(() -> Heard.from(camt, other))
                    .satisfies(refusal -> assertThat(refusal.code()).isEqualTo("STATEMENT_UNREADABLE"));
        }
        assertThat(output.getErr()).isEmpty();
    }

    @Test
    void aCamtStatementThatDoesNotAddUpIsRefused() {
        refused("STATEMENT_DOES_NOT_BALANCE", camt, camt("100.00", "100.01", entry("2026-03-02", "-1.00", "A", "R1")));
    }

    @Test
    void manyStatementsArePagedAndProvedEach() {
        Heard heard = Heard.from(
                camt,
                bytes(camtOf(
                        statement(
                                "S1",
                                "2026-03-01",
                                "0.00",
                                "2026-03-02",
                                "5.00",
                                entry("2026-03-02", "5.00", "A", "R1")),
                        statement(
                                "S2",
                                "2026-03-02",
                                "5.00",
                                "2026-03-03",
                                "2.00",
                                entry("2026-03-03", "-3.00", "B", "R2")))));
        assertThat(heard.balances).hasSize(2);
        assertThat(BankPeriod.of(heard.balances).gap()).isFalse();

        String first = "<Stmt><Id>S1</Id><StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"
                + balance("OPBD", "0.00", "2026-03-01") + entry("2026-03-02", "5.00", "A", "R1") + "</Stmt>";
        String second = "<Stmt><Id>S1</Id><StmtPgntn><PgNb>2</PgNb><LastPgInd>true</LastPgInd></StmtPgntn>"
                + balance("CLBD", "%s", "2026-03-03") + entry("2026-03-03", "-3.00", "B", "R2") + "</Stmt>";
        Heard pages = Heard.from(camt, bytes(camtOf(first, second.formatted("2.00"))));
        assertThat(pages.balances)
                .extracting(StatementBalances::opening, StatementBalances::closing)
                .containsExactly(tuple(Money.ZERO, Money.parse("2.00")));
        refused("STATEMENT_DOES_NOT_BALANCE", camt, camtOf(first, second.formatted("3.00")));
    }

    @Test
    void aBatchEntryIsItsDetailsIfTheyAreAllOfItAndElseItself() {
        String detail = "<TxDtls><Refs><EndToEndId>E</EndToEndId></Refs><Amt Ccy=\"GBP\">%s</Amt></TxDtls>";
        String batch = "<Ntry>" + amount("-30.00")
                + "<Sts>BOOK</Sts><BookgDt><DtTm>2026-03-29T23:30:00Z</DtTm></BookgDt><AcctSvcrRef>B1</AcctSvcrRef><NtryDtls>%s</NtryDtls></Ntry>";

        Heard whole = Heard.from(
                camt,
                bytes(camt("30.00", "0.00", batch.formatted(detail.formatted("10.00") + detail.formatted("20.00")))));
        assertThat(whole.lines)
                .extracting(StatementLine::externalRef, line -> line.amount().toString(), StatementLine::on)
                .containsExactly(
                        tuple("B1/1", "-10.00", LocalDate.of(2026, 3, 30)),
                        tuple("B1/2", "-20.00", LocalDate.of(2026, 3, 30)));

        Heard part = Heard.from(
                camt,
                bytes(camt("30.00", "0.00", batch.formatted(detail.formatted("10.00") + detail.formatted("10.00")))));
        assertThat(part.lines)
                .extracting(StatementLine::externalRef, line -> line.amount().toString())
                .containsExactly(tuple("B1", "-30.00"));
    }

    @Test
    void reversalsAreToldFromOtherMoneyAndPendingEntriesCountForNothing() {
        String reversed = "<Ntry>%s<RvslInd>true</RvslInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry>";
        String pending = "<Ntry>" + amount("-9.00") + "<Sts>PDNG</Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry>";
        Heard heard = Heard.from(
                camt,
                bytes(camt(
                        "0.00",
                        "3.00",
                        reversed.formatted(amount("5.00")),
                        pending,
                        reversed.formatted(amount("-2.00")))));

        assertThat(heard.lines).extracting(StatementLine::kind).containsExactly(Kind.REVERSAL, Kind.RECALL);
        assertThat(heard.refusals).extracting(RefusedLine::code).containsExactly("LINE_NOT_SETTLED");
    }

    @Test
    void entriesWithoutAReferenceAreToldApartByContentAndOccurrenceTheSameInEveryFile() {
        String[] entries = {
            entry("2026-03-02", "-1.00", "BUS", ""),
            entry("2026-03-02", "-1.00", "BUS", "NONREF"),
            entry("2026-03-03", "-1.00", "BUS", "")
        };
        Heard all = Heard.from(camt, bytes(camt("3.00", "0.00", entries)));
        Heard last = Heard.from(camt, bytes(camt("1.00", "0.00", entries[2])));

        assertThat(all.lines)
                .extracting(StatementLine::externalRef)
                .doesNotHaveDuplicates()
                .hasSize(3);
        assertThat(last.lines.get(0).externalRef()).isEqualTo(all.lines.get(2).externalRef());
    }

    @Test
    void anotherCurrencyRefusesTheFileButNotTheOriginalOfAPaymentInPounds() {
        String entry = entry("2026-03-02", "-1.00", "A", "R1");
        refused("CURRENCY_NOT_SUPPORTED", camt, camt("1.00", "0.00", entry).replaceFirst("Ccy=\"GBP\"", "Ccy=\"EUR\""));
        refused("CURRENCY_NOT_SUPPORTED", camt, camt("1.00", "0.00", entry).replace("<Ccy>GBP", "<Ccy>EUR"));

        String original = entry.replace(
                "<TxDtls>", "<TxDtls><AmtDtls><InstdAmt><Amt Ccy=\"EUR\">1.20</Amt></InstdAmt></AmtDtls>");
        assertThat(Heard.from(camt, bytes(camt("1.00", "0.00", original))).lines)
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Document><BkToCstmrStmt></BkToCstmrStmt></Document>",
                "<Document><BkToCstmrStmt><Stmt>",
                "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Document><BkToCstmrStmt><Stmt><Id>&x;</Id></Stmt></BkToCstmrStmt></Document>",
                "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><Document><BkToCstmrStmt><Stmt><Id>&b;</Id></Stmt></BkToCstmrStmt></Document>",
                "<!DOCTYPE d SYSTEM \"http://127.0.0.1:1/x.dtd\"><Document><BkToCstmrStmt><Stmt/></BkToCstmrStmt></Document>",
                "<BkToCstmrStmt><Stmt><Ntry><Amt Ccy=\"GBP\">ten</Amt></Ntry></Stmt></BkToCstmrStmt>",
                "<BkToCstmrStmt><Stmt><Ntry><Amt Ccy=\"GBP\">1.00</Amt></Ntry></Stmt></BkToCstmrStmt>"
            })
    void whatIsNoCamtStatementIsUnreadableWithItsLine(String file) {
        assertThat(refused("STATEMENT_UNREADABLE", camt, file).words()).contains("Line 1");
    }

    @Test
    void aTagOrTextWithoutEndIsRefusedBeforeItFillsTheMemory() {
        refused("TOO_LARGE", camt, "<Document a=\"" + "x".repeat(200_000));
        refused("TOO_LARGE", ofx, "<OFX><NAME>" + "x".repeat(200_000));
        refused("STATEMENT_UNREADABLE", camt, "<a>".repeat(1_000));
    }

    @Test
    void whatABankCallsCashOrAFeeIsThatInEveryFormatAndTheSameDebitAsBefore() {
        String code =
                "</BookgDt><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>CCRD</Cd><SubFmlyCd>%s</SubFmlyCd></Fmly></Domn></BkTxCd>";
        String ofAtm = ofxLine("20260302", "-40.00", "F1", "LINK").replace("OTHER", "ATM");
        List<Heard> all = List.of(
                Heard.from(
                        camt,
                        bytes(camt(
                                "100.00",
                                "58.00",
                                entry("2026-03-02", "-40.00", "LINK", "R1")
                                        .replace("</BookgDt>", code.formatted("CWDL")),
                                entry("2026-03-02", "-2.00", "Bank", "R2")
                                        .replace("</BookgDt>", code.formatted("CHRG")),
                                entry("2026-03-02", "-5.00", "Shop", "R3")
                                        .replace("</BookgDt>", code.formatted("POSD")),
                                entry("2026-03-02", "5.00", "LINK", "R4")
                                        .replace("</BookgDt>", code.formatted("CWDL"))))),
                Heard.from(
                        ofx,
                        bytes(ofx(
                                "GBP",
                                List.of(
                                        ofAtm,
                                        ofxLine("20260302", "-2.00", "F2", "Bank")
                                                .replace("OTHER", "SRVCHG"),
                                        ofxLine("20260302", "-5.00", "F3", "Shop")
                                                .replace("OTHER", "POS"),
                                        ofxLine("20260302", "5.00", "F4", "LINK")
                                                .replace("OTHER", "ATM"))))));

        for (Heard heard : all) {
            assertThat(heard.lines)
                    .extracting(line -> line.kind() + " "
                            + (line.spent() == null ? "" : line.spent().type()))
                    .containsExactly("DEBIT CASH", "DEBIT FEE", "DEBIT ", "CREDIT ");
        }
        assertThat(all.get(1).lines.get(0).content())
                .isEqualTo(Heard.from(ofx, bytes(ofx("GBP", List.of(ofAtm.replace("ATM", "OTHER")))))
                        .lines
                        .get(0)
                        .content());
        assertThat(Heard.from(mt940, bytes(mt940("C260301GBP5,00", "C260331GBP3,00", ":61:260302D2,00NCHGNONREF//B1")))
                        .lines
                        .get(0)
                        .spent())
                .isEqualTo(new StatementLine.Spent(SpendType.FEE, null, null));
    }

    // ── OFX ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void ofxReadsTheSameAsSgmlAndAsXml() {
        String sgml = ofx(
                "GBP",
                List.of(
                        ofxLine("20260302120000.000", "-12.50", "F1", "Tom &amp; Co"),
                        ofxLine("20260329233000[0:GMT]", "+70", "F2", "COUNCIL")));
        String xml = """
                <?xml version="1.0"?><?OFX OFXHEADER="200" VERSION="200"?>
                <OFX><STMTRS><CURDEF>GBP</CURDEF><BANKACCTFROM><ACCTID>1</ACCTID></BANKACCTFROM><BANKTRANLIST>
                <STMTTRN><DTPOSTED>20260302</DTPOSTED><TRNAMT>-12.50</TRNAMT><FITID>F1</FITID><NAME><![CDATA[Tom & Co ]]></NAME></STMTTRN>
                <STMTTRN><DTPOSTED>20260330</DTPOSTED><TRNAMT>70.00</TRNAMT><FITID>F2</FITID><NAME>COUNCIL</NAME>
                <BANKACCTTO><ACCTID>9</ACCTID></BANKACCTTO></STMTTRN></BANKTRANLIST></STMTRS></OFX>
                """;

        Heard heard = Heard.from(ofx, bytes(sgml));

        assertThat(heard.lines)
                .extracting(
                        StatementLine::externalRef,
                        StatementLine::on,
                        StatementLine::kind,
                        line -> line.amount().toString(),
                        StatementLine::payee)
                .containsExactly(
                        tuple("F1", LocalDate.of(2026, 3, 2), Kind.DEBIT, "-12.50", "Tom & Co"),
                        tuple("F2", LocalDate.of(2026, 3, 30), Kind.CREDIT, "70.00", "COUNCIL"));
        assertThat(heard.balances)
                .extracting(StatementBalances::opening, StatementBalances::closing)
                .containsExactly(tuple(null, Money.parse("100.00")));
        assertThat(Heard.from(ofx, bytes(xml)).lines).isEqualTo(heard.lines);
    }

    @Test
    void anOfxFileCutShortInDollarsOrOfTwoAccountsIsRefused() {
        String good = ofx("GBP", List.of(ofxLine("20260302", "-1.00", "F1", "A")));
        refused("CURRENCY_NOT_SUPPORTED", ofx, good.replace("<CURDEF>GBP", "<CURDEF>USD"));
        refused("STATEMENT_UNREADABLE", ofx, good.substring(0, good.indexOf("</BANKTRANLIST>")));
        refused("STATEMENT_UNREADABLE", ofx, good.replace("<TRNAMT>-1.00", "<TRNAMT>one"));
        refused("STATEMENT_UNREADABLE", ofx, good.replace("<DTPOSTED>20260302", "<DTPOSTED>20260231"));
        refused("STATEMENT_UNREADABLE", ofx, good.replace("</STMTTRN>", ""));
        refused(
                "STATEMENT_UNREADABLE",
                ofx,
                good.replace("</BANKACCTFROM>", "</BANKACCTFROM><BANKACCTFROM><ACCTID>2</BANKACCTFROM>"));
        refused("STATEMENT_UNREADABLE", ofx, "<OFX></OFX>");
    }

    @Test
    void anOfxEntryThatCorrectsAnEarlierOneIsRefusedAlone() {
        String correction = ofxLine("20260303", "-2.00", "F3", "A");
        Heard heard = Heard.from(
                ofx,
                bytes(ofx(
                        "GBP",
                        List.of(
                                ofxLine("20260302", "-1.00", "F1", "A"),
                                correction.replace("<NAME>", "<CORRECTFITID>F1<CORRECTACTION>REPLACE<NAME>"),
                                correction
                                        .replace("<NAME>", "<CORRECTFITID>F2<CORRECTACTION>DELETE<NAME>")
                                        .replace("-2.00", "0.00"),
                                ofxLine("20260304", "-3.00", "F4", "A")))));
        assertThat(heard.lines).extracting(StatementLine::externalRef).containsExactly("F1", "F4");
        assertThat(heard.refusals)
                .extracting(RefusedLine::lineNumber, RefusedLine::code)
                .containsExactly(tuple(2, "DUPLICATE_TRANSACTION"), tuple(3, "DUPLICATE_TRANSACTION"));
    }

    @Test
    void theSameFitIdTwiceIsARepeatOrAContradiction() {
        Heard heard = Heard.from(
                ofx,
                bytes(ofx(
                        "GBP",
                        List.of(
                                ofxLine("20260302", "-1.00", "F1", "A"),
                                ofxLine("20260302", "-1.00", "F1", "A"),
                                ofxLine("20260302", "-2.00", "F1", "A")))));
        assertThat(heard.lines).hasSize(1);
        assertThat(heard.repeats).hasSize(1);
        assertThat(heard.refusals).extracting(RefusedLine::code).containsExactly("DUPLICATE_TRANSACTION");
    }

    // ── MT940 ────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void mt940IsReadWithItsReversalsItsWordsAndItsYears() {
        Heard heard = Heard.from(
                mt940,
                bytes(mt940(
                        "C260101GBP100,",
                        "C260131GBP152,50",
                        ":61:2601010102D12,50NTRFNONREF//BANK1\r\nsupplement\r\n:86:/NAME/CARE LTD/REMI/week\r\n 1",
                        ":61:2601011231C70,00NTRFX//BANK2",
                        ":61:260105RC10,NTRFX//BANK3",
                        ":61:260106RDR5,00NTRFX//BANK4")));

        assertThat(heard.lines)
                .extracting(
                        StatementLine::externalRef,
                        StatementLine::on,
                        StatementLine::kind,
                        line -> line.amount().toString())
                .containsExactly(
                        tuple("BANK1", LocalDate.of(2026, 1, 2), Kind.DEBIT, "-12.50"),
                        tuple("BANK2", LocalDate.of(2025, 12, 31), Kind.CREDIT, "70.00"),
                        tuple("BANK3", LocalDate.of(2026, 1, 5), Kind.RECALL, "-10.00"),
                        tuple("BANK4", LocalDate.of(2026, 1, 6), Kind.REVERSAL, "5.00"));
        assertThat(heard.lines.get(0).payee()).isEqualTo("CARE LTD");
        assertThat(heard.lines.get(0).description()).contains("week");
        assertThat(heard.balances)
                .extracting(StatementBalances::opening, StatementBalances::closing)
                .containsExactly(tuple(Money.parse("100.00"), Money.parse("152.50")));
    }

    @Test
    void mt940IsRefusedUnlessItAddsUpInPoundsToItsEnd() {
        String entry = ":61:260302D1,00NTRFX//B1";
        refused("STATEMENT_DOES_NOT_BALANCE", mt940, mt940("C260301GBP1,00", "C260331GBP0,01", entry));
        refused("CURRENCY_NOT_SUPPORTED", mt940, mt940("C260301EUR1,00", "C260331EUR0,00", entry));
        refused("STATEMENT_UNREADABLE", mt940, mt940("C260301GBP1,00", "C260331GBP0,00", ":61:2603"));
        refused("STATEMENT_UNREADABLE", mt940, ":20:X\n:60F:C260301GBP1,00\n" + entry + "\n");
        refused("STATEMENT_UNREADABLE", mt940, entry);
        refused("STATEMENT_UNREADABLE", mt940, "nothing");
    }

    // ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aCsvIsReadByTheNamesOfItsColumnsOldestOrNewestFirst() {
        String newestFirst = """
                Date,Type,Description,Paid out,Paid in,Balance
                31 Mar 2026,CR,COUNCIL,,"£1,070.00","£1,157.50"
                13/03/2026,DD,Café,12.50,,£87.50
                """;
        Heard heard = Heard.from(csv, newestFirst.getBytes(Charset.forName("windows-1252")));

        assertThat(heard.lines)
                .extracting(
                        StatementLine::lineNumber,
                        StatementLine::on,
                        line -> line.amount().toString(),
                        StatementLine::description)
                .containsExactly(
                        tuple(2, LocalDate.of(2026, 3, 31), "1070.00", "COUNCIL"),
                        tuple(3, LocalDate.of(2026, 3, 13), "-12.50", "Café"));
        assertThat(heard.balances)
                .containsExactly(new StatementBalances(
                        null,
                        Money.parse("100.00"),
                        Money.parse("1157.50"),
                        2,
                        LocalDate.of(2026, 3, 13),
                        LocalDate.of(2026, 3, 31),
                        List.of(Money.parse("87.50"))));
        refused("STATEMENT_DOES_NOT_BALANCE", csv, newestFirst.replace("87.50", "87.51"));
    }

    @ParameterizedTest
    @CsvSource({
        "2025-05-20, 2025-05-13, 0.00, 0.00", // newest first: 100.00 came in, then went
        "2025-05-13, 2025-05-20, 100.00, 100.00", // oldest first: 100.00 went, then came in
        "2025-05-13, 2025-05-13, 100.00, 100.00"
    })
    void ofACsvWhoseBalancesFollowEitherWayTheDaysTellWhichLineIsTheOldest(
            String first, String second, String opening, String closing) {
        Heard heard = Heard.from(csv, bytes("""
                        Date,Description,Paid out,Paid in,Balance
                        %s,RENT,100.00,,0.00
                        %s,COUNCIL,,100.00,100.00
                        """.formatted(first, second)));

        assertThat(heard.balances)
                .extracting(StatementBalances::opening, StatementBalances::closing)
                .containsExactly(tuple(Money.parse(opening), Money.parse(closing)));
    }

    @ParameterizedTest
    @CsvSource({
        "-12.00, -12.00",
        "(12.00), -12.00",
        "12.00 DR, -12.00",
        "12.00 CR, 12.00",
        "12.00-, -12.00",
        "(-12.00), ",
        "-12.00 DR, ",
        "-12.00 CR, ",
        "-12.00-, ",
        "(+12.00), "
    })
    void anAmountSaysItsSignInOneWayOrTheFileIsUnreadable(String written, String amount) {
        String file = "Date,Payee,Amount\n2026-03-02,Shop,%s\n".formatted(written);
        if (amount == null) {
            refused("STATEMENT_UNREADABLE", csv, file);
        } else {
            assertThat(Heard.from(csv, bytes(file)).lines)
                    .extracting(StatementLine::amount)
                    .containsExactly(Money.parse(amount));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DR/CR", "Dr / Cr", "Debit/Credit", "Credit or Debit", "cr/dr", "Credit/Debit Indicator", "Type"
            })
    void aColumnMaySayWhichWayTheMoneyWent(String name) {
        for (String written : List.of("4.00", "-4.00")) {
            String file = "Date,Description,%s,Amount\n28/03/2026,Shop,DR,%s\n28/03/2026,Aunt,credit,5.00\n"
                    .formatted(name, written);

            assertThat(Heard.from(csv, bytes(file)).lines)
                    .extracting(StatementLine::kind, line -> line.amount().toString())
                    .containsExactly(tuple(Kind.DEBIT, "-4.00"), tuple(Kind.CREDIT, "5.00"));
        }
    }

    @Test
    void whatSaysTheDirectionTwiceOrNotAtAllIsUnreadable() {
        String head = "Date,DR/CR,Amount\n2026-03-01,DR,1.00\n";
        for (String line :
                List.of("2026-03-02,,1.00", "2026-03-02,POS,1.00", "2026-03-02,CR,-1.00", "2026-03-02,DR,-1.00")) {
            assertThat(refused("STATEMENT_UNREADABLE", csv, head + line + "\n").words())
                    .contains("Line 3");
        }
        // what kind of payment it is, and a column of each
        assertThat(Heard.from(csv, bytes("Date,Type,Amount\n2026-03-01,Debit,-1.00\n2026-03-02,Fee,-1.00\n")).lines)
                .hasSize(2);
        assertThat(Heard.from(csv, bytes("Date,Debit,Credit,Dr/Cr\n2026-03-01,1.00,,CR\n")).lines)
                .extracting(StatementLine::kind)
                .containsExactly(Kind.DEBIT);
    }

    @Test
    void aMappingNamesTheColumnOfTheDirection() {
        CsvMapping mapping = CsvMapping.parse("{\"date\":\"Date\",\"amount\":\"Sum\",\"direction\":\"Way\"}");

        assertThat(Heard.from(csv.mappedBy(mapping), bytes("Date,Sum,Way\n2026-03-01,1.00,D\n2026-03-01,2.00,C\n"))
                        .lines)
                .extracting(line -> line.amount().toString())
                .containsExactly("-1.00", "2.00");
        assertThat(CsvMapping.parse(mapping.json())).isEqualTo(mapping);
        assertThat(CsvMapping.parse("{\"date\":\"Date\",\"amount\":\"Sum\"}").json())
                .doesNotContain("direction");
    }

    @Test
    void aMappingSaysWhatIsWhat() {
        CsvMapping mapping = CsvMapping.parse("""
                {"date": "Buchung", "amount": "Wert", "payee": "Wer", "dateOrder": "MDY", "decimal": ",", "negate": true}""");
        Heard heard = Heard.from(csv.mappedBy(mapping), bytes("Buchung;Wer;Wert\n03/02/2026;Shop;1.012,50\n"));

        assertThat(heard.lines)
                .extracting(StatementLine::on, line -> line.amount().toString(), StatementLine::payee)
                .containsExactly(tuple(LocalDate.of(2026, 3, 2), "-1012.50", "Shop"));
        assertThat(CsvMapping.parse(mapping.json())).isEqualTo(mapping);
    }

    @Test
    void aDateThatCouldBeTwoDaysIsRefusedUnlessTheMappingSaysWhich() {
        String file = "Date,Description,Amount\n03/04/2026,Shop,-1.00\n";
        assertThat(refused("STATEMENT_UNREADABLE", csv, file).words())
                .contains("Line 2")
                .contains("dateOrder");
        CsvMapping mapping = CsvMapping.parse("{\"date\":\"Date\",\"amount\":\"Amount\",\"dateOrder\":\"DMY\"}");
        assertThat(Heard.from(csv.mappedBy(mapping), bytes(file)).lines.get(0).on())
                .isEqualTo(LocalDate.of(2026, 4, 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "Date,Amount\n2026-02-30,1.00\n", "Date,Amount\n2026-03-01,1.005\n",
                        "Date,Amount\n2026-03-01,1,5\n",
                "Date,Amount\n2026-03-01,\"1,5\"\n", "Date,Amount\n2026-03-01\n", "When,What\n1,2\n",
                        "Date,Amount\n2026-03-01,\"1\n",
                "Date,Debit,Credit\n2026-03-01,1,1\n", "Date,Debit,Credit\n2026-03-01,,\n", "Date,Amount\nsoon,1\n"
            })
    void aCsvThatCannotBeUnderstoodIsUnreadable(String file) {
        refused("STATEMENT_UNREADABLE", csv, file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"date\":\"D\"}",
                "{\"date\":\"D\",\"debit\":\"X\"}",
                "{\"date\":\"D\",\"amount\":\"A\",\"direction\":\"W\",\"negate\":true}",
                "{\"date\":\"D\",\"debit\":\"X\",\"credit\":\"C\",\"direction\":\"W\"}",
                "{\"date\":\"D\",\"amount\":\"A\",\"more\":1}",
                "{\"date\":\"D\",\"amount\":\"A\",\"decimal\":\"x\"}",
                "{\"date\":\"D\",\"amount\":\"A\",\"dateOrder\":\"DYM\"}"
            })
    void aMappingThatSaysTooLittleOrTooMuchIsRefused(String mapping) {
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> CsvMapping.parse(mapping))
                .matches(refused -> refused.code().equals("FIELD_INVALID"))
                .matches(refused -> "mapping".equals(refused.field()));
    }

    // ── all ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void theFutureAndNothingAreRefusedByTheLineAndCardNumbersAreNeverKept() {
        Heard heard = Heard.from(
                csv,
                bytes(
                        "Date,Payee,Amount\n2026-11-21,A,1.00\n2026-03-01,B,0.00\n2026-03-01,4111111111111111 SHOP,-1.00\n"));

        assertThat(heard.refusals).extracting(RefusedLine::code).containsExactly("DATE_IN_FUTURE", "AMOUNT_ZERO");
        assertThat(heard.lines).extracting(StatementLine::payee).containsExactly("****1111 SHOP");
    }

    /** Whatever the bytes, a reader refuses in its own words: no other failure, no end without one, and the same twice. */
    @Test
    void twoThousandMutatedFilesAreReadOrRefusedAndNothingElse() {
        long seed = 20_261_128;
        Random random = new Random(seed);
        List<StatementReader> readers =
                List.of(camt, ofx, mt940, csv, new CardFeedReader(StatementLimits.DEFAULT, null));
        List<byte[]> files = List.of(
                bytes(camt("100.00", "87.50", entry("2026-03-02", "-12.50", "A", "R1"))),
                bytes(ofx("GBP", List.of(ofxLine("20260302", "-1.00", "F1", "A")))),
                bytes(mt940("C260301GBP1,00", "C260331GBP0,00", ":61:260302D1,00NTRFX//B1", ":86:words")),
                bytes("Date,Description,Amount,Balance\n2026-03-01,Shop,-1.00,9.00\n2026-03-02,Shop,-1.00,8.00\n"),
                Heard.resource("card-feed-every-type.csv"));
        for (int i = 0; i < 2_000; i++) {
            int which = i % readers.size();
            byte[] file = mutated(files.get(which), random);
            for (StatementReader reader : List.of(readers.get(which), readers.get(random.nextInt(readers.size())))) {
                reader.recognises(file);
                try {
                    assertThat(Heard.from(reader, file).refusals).isNotNull();
                } catch (RuleBroken refused) {
                    assertThat(refused.code())
                            .as("seed %d, file %d", seed, i)
                            .isIn(
                                    "STATEMENT_UNREADABLE",
                                    "STATEMENT_DOES_NOT_BALANCE",
                                    "CURRENCY_NOT_SUPPORTED",
                                    "TOO_LARGE");
                }
            }
        }
    }

    private static byte[] mutated(byte[] file, Random random) {
        byte[] mutated = file.clone();
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(4)) {
                case 0 -> mutated[at] = (byte) random.nextInt(256);
                case 1 -> mutated[at] = "<>&;:,-0'\"\n/".getBytes(StandardCharsets.US_ASCII)[random.nextInt(12)];
                case 2 -> mutated = Arrays.copyOf(mutated, Math.max(1, at));
                default -> {
                    int length = Math.min(random.nextInt(40), mutated.length - at);
                    System.arraycopy(mutated.clone(), random.nextInt(mutated.length - length + 1), mutated, at, length);
                }
            }
        }
        return mutated;
    }

    @Test
    void aCsvWhoseDatesAreInTwoOrdersIsRefused() {
        String head = "Date,Amount,Payee\n";
        assertThat(Heard.from(csv, bytes(head + "13/01/2026,-1.00,A\n01/01/2026,-1.00,A\n14/01/2026,-1.00,A\n")).lines)
                .hasSize(3);
        refused("STATEMENT_UNREADABLE", csv, head + "13/01/2026,-1.00,A\n01/14/2026,-1.00,A\n");
    }

    private static RuleBroken refused(String code, StatementReader reader, String file) {
        try {
            Heard.from(reader, bytes(file));
        } catch (RuleBroken refused) {
            assertThat(refused.code()).as(refused.words()).isEqualTo(code);
            return refused;
        }
        throw new AssertionError("not refused");
    }

    /** Each would fill the memory if the file were large. */
    @ParameterizedTest
    @EnumSource(
            value = LargeXml.Filling.class,
            names = {"NAMES", "ATTRIBUTES", "NAMESPACES", "INSTRUCTIONS", "DETAILS"})
    void xmlOfEverNewNamesAndAnEntryOfTooManyPaymentsAreRefusedOnTheWay(LargeXml.Filling filling) throws Exception {
        assertThat(LargeXml.read(filling, 20_000)).startsWith("READ ");
        assertThat(LargeXml.read(filling, 7_000_000)).startsWith("TOO_LARGE ");
    }

    @Test
    void xmlThatIsLargeForItsEntriesOrForNothingIsRead() throws Exception {
        assertThat(LargeXml.read(LargeXml.Filling.ENTRIES, 1_000_000)).isEqualTo("READ 2177");
        assertThat(LargeXml.read(LargeXml.Filling.COMMENTS, 1_000_000)).isEqualTo("READ 0");
    }

    @Test
    void moreEntriesThanTheLimitAreRefusedAlsoIfTheyAreNotBooked() {
        CamtReader small = new CamtReader(new StatementLimits(2, 1_000, 10));
        String pending = entry("2026-03-02", "-1.00", "Shop", "").replace("BOOK", "PDNG");
        assertThat(Heard.from(small, bytes(camt("0.00", "0.00", pending, pending))).refusals)
                .hasSize(2);
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> Heard.from(small, bytes(camt("0.00", "0.00", pending, pending, pending))))
                .matches(refusal -> refusal.code().equals("TOO_LARGE"));
    }
}
