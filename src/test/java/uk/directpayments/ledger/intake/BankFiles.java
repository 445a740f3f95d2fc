package uk.directpayments.ledger.intake;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Small statement files of banks, for tests. */
final class BankFiles {

    private BankFiles() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A camt.053 file of one statement. @param entries made by {@link #entry} */
    static String camt(String opening, String closing, String... entries) {
        return camtOf(statement("S1", "2026-03-01", opening, "2026-03-31", closing, entries));
    }

    static String camtOf(String... statements) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
                <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-04-01T06:00:00</CreDtTm></GrpHdr>
                """ + String.join("\n", statements) + "\n</BkToCstmrStmt></Document>\n";
    }

    static String statement(String id, String from, String opening, String to, String closing, String... entries) {
        return "<Stmt><Id>" + id + "</Id><Acct><Id><Othr><Id>20304012345678</Id></Othr></Id><Ccy>GBP</Ccy></Acct>"
                + balance("OPBD", opening, from) + balance("CLBD", closing, to) + String.join("\n", entries)
                + "</Stmt>";
    }

    static String balance(String type, String amount, String on) {
        return "<Bal><Tp><CdOrPrtry><Cd>" + type + "</Cd></CdOrPrtry></Tp>" + amount(amount) + "<Dt><Dt>" + on
                + "</Dt></Dt></Bal>\n";
    }

    static String amount(String amount) {
        boolean out = amount.startsWith("-");
        return "<Amt Ccy=\"GBP\">" + (out ? amount.substring(1) : amount) + "</Amt><CdtDbtInd>"
                + (out ? "DBIT" : "CRDT") + "</CdtDbtInd>";
    }

    /** @param reference empty for none */
    static String entry(String on, String amount, String payee, String reference) {
        String party = amount.startsWith("-") ? "Cdtr" : "Dbtr";
        return "<Ntry>" + amount(amount) + "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>" + on + "</Dt></BookgDt>"
                + (reference.isEmpty() ? "" : "<AcctSvcrRef>" + reference + "</AcctSvcrRef>")
                + "<NtryDtls><TxDtls><RltdPties><" + party + "><Pty><Nm>" + payee + "</Nm></Pty></" + party
                + "></RltdPties></TxDtls></NtryDtls></Ntry>";
    }

    static String ofx(String currency, List<String> transactions) {
        return """
                OFXHEADER:100
                DATA:OFXSGML
                VERSION:102

                <OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>%s
                <BANKACCTFROM><BANKID>203040<ACCTID>12345678<ACCTTYPE>CHECKING</BANKACCTFROM>
                <BANKTRANLIST><DTSTART>20260301<DTEND>20260331
                %s
                </BANKTRANLIST><LEDGERBAL><BALAMT>100.00<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
                """.formatted(currency, String.join("\n", transactions));
    }

    static String ofxLine(String on, String amount, String fitId, String name) {
        return "<STMTTRN><TRNTYPE>OTHER<DTPOSTED>%s<TRNAMT>%s<FITID>%s<NAME>%s</STMTTRN>"
                .formatted(on, amount, fitId, name);
    }

    static String mt940(String opening, String closing, String... entries) {
        return "{1:F01BANKGB2LAXXX0000000000}{4:\r\n:20:START\r\n:25:203040/12345678\r\n:28C:1/1\r\n:60F:" + opening
                + "\r\n" + String.join("\r\n", entries) + "\r\n:62F:" + closing + "\r\n-}\r\n";
    }
}
