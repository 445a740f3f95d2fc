package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import com.prowidesoftware.swift.model.mx.MxPain00100109;
import com.prowidesoftware.swift.model.mx.dic.BranchAndFinancialInstitutionIdentification6;
import com.prowidesoftware.swift.model.mx.dic.CashAccount38;
import com.prowidesoftware.swift.model.mx.dic.CreditTransferTransaction34;
import com.prowidesoftware.swift.model.mx.dic.GroupHeader85;
import com.prowidesoftware.swift.model.mx.dic.PaymentInstruction30;
import com.prowidesoftware.swift.model.mx.dic.PaymentMethod3Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import tools.jackson.databind.JsonNode;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.payout.RunFile.Payment;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

/**
 * The {@code pain.001} of a run as a reader makes of it that had no part in writing it: Prowide's. Every field is held against what was agreed and
 * what the API says of the run, and nothing is in the file that was not looked at. Rulebook 6.
 */
class Pain001ReadBackTest extends RunningLedger {

    /** A year that no other test pays in: a run takes whatever is due. */
    private static final String FROM = "2016-04-01";

    private static final String PAY_DATE = "2016-05-03";
    private static final String LONG_ID = "a-schedule-with-an-id-longer-than-any-that-a-bank-would-take";

    /** Whom the bank is to pay, and what it shows them. */
    private record Payee(String sortCode, String accountNumber, String name, String reference) {}

    private final Map<String, Payee> payees = new HashMap<>();

    @Test
    void everyFieldOfARunsFileIsWhatWasAgreedAndWhatTheApiSays() throws Exception {
        agree();
        String runId = fresh("RUN-2016");
        String run = "/api/v1/payment-runs/" + runId;
        ok(finance()
                .post(
                        "/api/v1/payment-runs",
                        "{\"runId\":\"%s\",\"cutOff\":\"2016-04-30\",\"payDate\":\"%s\"}".formatted(runId, PAY_DATE)));
        ok(approver().post(run + "/approval", "{}"));
        JsonNode said = ok(finance().get(run + "?limit=500")).json();
        String file = ok(finance().get(run + "/file?format=pain.001.001.09"))
                .response()
                .body();
        MxPain00100109 read = MxPain00100109.parse(file);

        assertThat(said.path("count").asInt()).isEqualTo(payees.size());
        GroupHeader85 header = read.getCstmrCdtTrfInitn().getGrpHdr();
        assertThat(header.getMsgId()).isEqualTo(runId);
        assertThat(header.getCreDtTm().toInstant()).isEqualTo(approvedAt(runId));
        assertThat(header.getCreDtTm().getOffset()).isEqualTo(ZoneOffset.UTC);
        assertThat(header.getNbOfTxs()).isEqualTo(said.path("count").asString());
        assertThat(header.getCtrlSum()).isEqualTo(pounds(said, "total"));
        assertThat(header.getInitgPty().getNm()).isEqualTo("SYNTHETIC COUNCIL");
        assertThat(said.path("controlTotals").path("total")).isEqualTo(said.path("total"));
        assertThat(said.path("files")).hasSize(2).allSatisfy(of -> {
            assertThat(pounds(of, "controlTotal")).isEqualTo(header.getCtrlSum());
            assertThat(of.path("count").asString()).isEqualTo(header.getNbOfTxs());
        });

        assertThat(read.getCstmrCdtTrfInitn().getPmtInf()).hasSize(1);
        PaymentInstruction30 batch = read.getCstmrCdtTrfInitn().getPmtInf().get(0);
        assertThat(batch.getPmtInfId()).isEqualTo(runId);
        assertThat(batch.getPmtMtd()).isEqualTo(PaymentMethod3Code.TRF);
        assertThat(batch.getNbOfTxs()).isEqualTo(header.getNbOfTxs());
        assertThat(batch.getCtrlSum()).isEqualTo(header.getCtrlSum());
        assertThat(batch.getReqdExctnDt().getDt()).isEqualTo(LocalDate.parse(PAY_DATE));
        assertThat(batch.getReqdExctnDt().getDtTm()).isNull();
        assertThat(batch.getDbtr().getNm()).isEqualTo("SYNTHETIC COUNCIL");
        assertThat(number(batch.getDbtrAcct())).isEqualTo("00000000000000");
        assertThat(sortCode(batch.getDbtrAgt())).isEqualTo("000000");

        List<CreditTransferTransaction34> payments = batch.getCdtTrfTxInf();
        assertThat(payments).hasSize(said.path("items").size());
        BigDecimal sum = BigDecimal.ZERO;
        for (int i = 0; i < payments.size(); i++) {
            payment(payments.get(i), said.path("items").get(i));
            sum = sum.add(payments.get(i).getAmt().getInstdAmt().getValue());
        }
        assertThat(sum).isEqualTo(header.getCtrlSum());
        assertThat(payments.stream().map(payment -> payment.getPmtId().getEndToEndId()))
                .doesNotHaveDuplicates();
        assertThat(kept(read)).as("what the reader has not kept").isEqualTo(leaves(file));
    }

    @Test
    void theFilesOfRandomRunsAreReadBackWhateverStandsInTheirNamesAndReferences() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 50; run++) {
            List<Payment> payments = new ArrayList<>();
            Money total = Money.ZERO;
            for (int i = 0; i <= random.nextInt(30); i++) {
                payments.add(Pain001SchemaTest.payment(random));
                total = total.plus(payments.get(i).amount());
            }
            RunEntry entry = Pain001SchemaTest.run(random, payments.size(), total);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Pain001.write(entry, total, payments.size(), payments::forEach, Pain001.REFERENCE, bytes);
            String file = bytes.toString(StandardCharsets.UTF_8);
            MxPain00100109 read = MxPain00100109.parse(file);
            String which = "seed %d, run %d".formatted(seed, run);

            GroupHeader85 header = read.getCstmrCdtTrfInitn().getGrpHdr();
            assertThat(header.getMsgId()).as(which).hasSizeBetween(1, 35);
            assertThat(header.getCtrlSum()).as(which).isEqualTo(new BigDecimal(total.toString()));
            List<CreditTransferTransaction34> found =
                    read.getCstmrCdtTrfInitn().getPmtInf().get(0).getCdtTrfTxInf();
            assertThat(found).as(which).hasSameSizeAs(payments);
            for (int i = 0; i < found.size(); i++) {
                CreditTransferTransaction34 one = found.get(i);
                Payment payment = payments.get(i);
                assertThat(one.getPmtId().getEndToEndId()).as(which).isEqualTo(payment.endToEndId());
                assertThat(one.getAmt().getInstdAmt().getValue())
                        .as(which)
                        .isEqualTo(new BigDecimal(payment.amount().toString()));
                assertThat(number(one.getCdtrAcct()))
                        .as(which)
                        .isEqualTo(payment.payTo().sortCode() + payment.payTo().accountNumber());
                assertThat(one.getCdtr().getNm()).as(which).matches("[A-Za-z0-9/\\-?:().,'+ ]{1,140}");
                assertThat(one.getRmtInf().getUstrd().get(0)).as(which).matches("[A-Za-z0-9/\\-?:().,'+ _]{1,140}");
            }
            assertThat(kept(read)).as(which).isEqualTo(leaves(file));
        }
    }

    private void payment(CreditTransferTransaction34 payment, JsonNode item) {
        String instalment = item.path("instalmentId").asString();
        Payee payee = payees.get(item.path("accountId").asString());
        String id = payment.getPmtId().getEndToEndId();
        if (instalment.length() <= 35) {
            assertThat(id).isEqualTo(instalment);
        } else {
            assertThat(id).matches("[0-9a-f]{32}");
        }
        assertThat(payment.getAmt().getInstdAmt().getCcy()).isEqualTo("GBP");
        assertThat(payment.getAmt().getInstdAmt().getValue()).isEqualTo(pounds(item, "net"));
        assertThat(pounds(item, "net")).isEqualTo(pounds(item, "amount").subtract(pounds(item, "contribution")));
        assertThat(sortCode(payment.getCdtrAgt())).isEqualTo(payee.sortCode);
        assertThat(payment.getCdtr().getNm()).isEqualTo(payee.name);
        assertThat(number(payment.getCdtrAcct())).isEqualTo(payee.sortCode + payee.accountNumber);
        assertThat(payment.getRmtInf().getUstrd()).containsExactly(payee.reference);
    }

    private static String number(CashAccount38 account) {
        return account.getId().getOthr().getId();
    }

    private static String sortCode(BranchAndFinancialInstitutionIdentification6 bank) {
        assertThat(bank.getFinInstnId().getClrSysMmbId().getClrSysId().getCd()).isEqualTo("GBDSC");
        return bank.getFinInstnId().getClrSysMmbId().getMmbId();
    }

    private Instant approvedAt(String runId) {
        return jdbc.sql("SELECT recorded_at FROM event_log WHERE stream_id = :run AND name = 'run.approved'")
                .param("run", "run/" + runId)
                .query((row, i) -> row.getTimestamp(1).toInstant().truncatedTo(ChronoUnit.SECONDS))
                .single();
    }

    private static BigDecimal pounds(JsonNode of, String figure) {
        return new BigDecimal(of.path(figure).asString());
    }

    /** What the reader would write; it has another way to say UTC. */
    private static List<String> kept(MxPain00100109 read) throws Exception {
        return leaves(read.message().replace("+00:00</", "Z</"));
    }

    /** Every element without children, with its path, its attributes and its text, in order. */
    private static List<String> leaves(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        List<String> leaves = new ArrayList<>();
        gather(
                factory.newDocumentBuilder()
                        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)))
                        .getDocumentElement(),
                "",
                leaves);
        return leaves;
    }

    private static void gather(Element element, String path, List<String> leaves) {
        String here = path + "/" + element.getLocalName();
        boolean leaf = true;
        for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element inner) {
                gather(inner, here, leaves);
                leaf = false;
            }
        }
        if (leaf) {
            leaves.add(here + " " + element.getAttribute("Ccy") + " " + element.getTextContent());
        }
    }

    // ── what was agreed ──────────────────────────────────────────────────────────────────────────────────────────

    private void agree() {
        account(
                "{'sortCode':'20-00-00','accountNumber':'55779911'}",
                "PARENT",
                "Zoë O’Neill-Ärmstrong & Söhne <Ltd>",
                fresh("S"),
                "12.34",
                "200000",
                "55779911",
                "Zoe O'Neill-Armstrong Sohne Ltd");
        account(
                "{'sortCode':'401020','accountNumber':'00000001'}",
                "ORGANISATION",
                "Nobody",
                fresh("S"),
                "0.00",
                "401020",
                "00000001",
                "Support Co");
        account(
                "{'cardRef':'Card_READ-BACK'}",
                "PARENT",
                "Sam Example",
                fresh("S"),
                "0.00",
                "000000",
                "00000000",
                "CARD PLATFORM");
        account(
                "{'sortCode':'070116','accountNumber':'00003036'}",
                "PARENT",
                "山田",
                LONG_ID,
                "99.99",
                "070116",
                "00003036",
                "NOT PROVIDED");
    }

    private void account(
            String bank,
            String holder,
            String recipient,
            String schedule,
            String contribution,
            String sortCode,
            String accountNumber,
            String name) {
        String person = fresh("P");
        String budget = "/budgets/" + person;
        Caller finance = finance();
        post(finance, "/people", "{'personId':'%s','name':'Robin','dateOfBirth':'2012-05-01'}", person);
        post(
                finance,
                "/budgets",
                "{'budgetId':'%s','personId':'%s','legalBasis':'CHILD_S17A','requestedOn':'2016-04-01','requestedBy':'Sam'}",
                person,
                person);
        post(
                finance,
                budget + "/indicative-amount",
                "{'amount':'1200.01','from':'2016-04-01','to':'2017-03-31','method':'RAS'}");
        post(approver(), budget + "/panel-decision", "{'outcome':'APPROVED','decidedOn':'2016-04-01'}");
        post(
                finance,
                budget + "/finalisation",
                "{'from':'2016-04-01','to':'2017-03-31','annualAmount':'1200.01','lines':[{'lineId':'L1',"
                        + "'fundingSource':'SOCIAL_CARE_CHILD','mode':'DIRECT_PAYMENT','category':'CARE','annualAmount':'1200.01'}]}");
        finance.post(
                "/api/v1" + budget + "/consents",
                "{\"recipientType\":\"PARENT\",\"recipientName\":\"%s\",\"on\":\"2016-04-01\"}".formatted(recipient));
        String organisation = "";
        if (holder.equals("ORGANISATION")) {
            String id = fresh("ORG");
            post(Caller.as("admin", port), "/organisations", "{'organisationId':'%s','name':'Support & Co'}", id);
            organisation = ",'organisationId':'" + id + "'";
        }
        post(
                finance,
                "/accounts",
                "{'accountId':'%s','budgetId':'%s','type':'BANK_ACCOUNT','holderType':'%s','openedOn':'2016-04-01','bankDetails':%s%s}",
                person,
                person,
                holder,
                bank,
                organisation);
        post(
                finance,
                "/accounts/" + person + "/schedules",
                "{'scheduleId':'%s','lineId':'L1','frequency':'MONTHLY','firstPayOn':'%s','contributionPerInstalment':'%s'}",
                schedule,
                FROM,
                contribution);
        String instalment = schedule + ".1";
        String reference =
                "DP " + (instalment.length() <= 15 ? instalment : instalment.substring(instalment.length() - 15));
        payees.put(
                person, new Payee(sortCode, accountNumber, name, bank.contains("card") ? "Card_READ-BACK" : reference));
    }

    private static void post(Caller who, String path, String body, Object... values) {
        ok(who.tell("/api/v1" + path, body, values));
    }
}
