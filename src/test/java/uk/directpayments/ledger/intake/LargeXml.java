package uk.directpayments.ledger.intake;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.function.IntFunction;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * A camt.053 file of any size, made as it is read and never held; and a program that reads one of 100 MB and says how that ended, to be run with
 * a small heap.
 */
public final class LargeXml extends InputStream {

    public static final int BYTES = 100_000_000;

    private final Filling filling;
    private final int bytes;
    private byte[] part;
    private int at;
    private int told;
    private int parts;
    private boolean ended;

    public LargeXml(Filling filling, int bytes) {
        this.filling = filling;
        this.bytes = bytes;
        this.part = (BankFiles.camtOf(BankFiles.statement("S1", "2026-03-01", "0.00", "2026-03-31", "0.00"))
                                .replaceAll("(?s)<Bal>(?:(?!OPBD).)*?CLBD.*", "")
                        + filling.begin)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** What the file repeats until it is large enough. */
    public enum Filling {
        /** Entries as banks write them. */
        ENTRIES("", i -> entry("<AcctSvcrRef>REF-%08d</AcctSvcrRef>".formatted(i), i), ""),
        /** Entries without a reference. */
        NAMELESS("", i -> entry("", i), ""),
        /** One entry that is made of many payments. */
        DETAILS(
                "<Ntry>" + BankFiles.amount("-1.00") + "<BookgDt><Dt>2026-03-02</Dt></BookgDt><NtryDtls>",
                i -> "<TxDtls><Refs><AcctSvcrRef>R%08d</AcctSvcrRef></Refs></TxDtls>\n".formatted(i),
                "</NtryDtls></Ntry>"),
        /** Elements of ever new names. */
        NAMES("", "<n%1$d/>"::formatted, ""),
        /** Attributes of ever new names. */
        ATTRIBUTES("", "<n a%1$d='' b%1$d=''/>"::formatted, ""),
        /** Namespaces of ever new names. */
        NAMESPACES("", "<n xmlns='urn:%1$d'/>"::formatted, ""),
        /** Processing instructions of ever new names. */
        INSTRUCTIONS("", "<?i%1$d x?>"::formatted, ""),
        /** What nobody looks at. */
        COMMENTS("", "<!-- %1$060d -->"::formatted, "");

        private final String begin;
        private final IntFunction<String> part;
        private final String end;

        Filling(String begin, IntFunction<String> part, String end) {
            this.begin = begin;
            this.part = part;
            this.end = end;
        }

        private String closing(int parts) {
            return switch (this) {
                case ENTRIES, NAMELESS -> "-" + parts + ".00";
                case DETAILS -> "-1.00";
                default -> "0.00";
            };
        }

        private static String entry(String reference, int i) {
            return "<Ntry>" + BankFiles.amount("-1.00")
                    + "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt>" + reference
                    + "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
                    + "<NtryDtls><TxDtls><Refs><EndToEndId>E%08d</EndToEndId></Refs><RltdPties><Cdtr><Pty><Nm>Creditor %d</Nm></Pty></Cdtr>"
                            .formatted(i, i % 1000)
                    + "</RltdPties><RmtInf><Ustrd>Invoice %d</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
                            .formatted(i);
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (at == part.length) {
            if (ended) {
                return -1;
            }
            ended = told >= bytes;
            String next = ended
                    ? filling.end + BankFiles.balance("CLBD", filling.closing(parts), "2026-03-31")
                            + "</Stmt></BkToCstmrStmt></Document>"
                    : filling.part.apply(parts++);
            part = next.getBytes(StandardCharsets.UTF_8);
            at = 0;
        }
        int count = Math.min(length, part.length - at);
        System.arraycopy(part, at, target, offset, count);
        at += count;
        told += count;
        return count;
    }

    /** How reading it ended: {@code READ} and how many lines, or the refusal. */
    static String read(Filling filling, int bytes) throws IOException {
        int[] lines = new int[1];
        try (InputStream file = new LargeXml(filling, bytes)) {
            new CamtReader(StatementLimits.DEFAULT).read(file, LocalDate.of(2026, 11, 20), new StatementReader.Sink() {
                @Override
                public void line(StatementLine line) {
                    lines[0]++;
                }

                @Override
                public void repeated(StatementLine line) {
                    lines[0]++;
                }

                @Override
                public void refused(RefusedLine line) {
                    lines[0]++;
                }

                @Override
                public void balances(StatementBalances balances) {
                    // proved
                }
            });
            return "READ " + lines[0];
        } catch (RuleBroken refusal) {
            return refusal.code() + " " + refusal.words();
        }
    }

    /** @param arguments a {@link Filling} */
    public static void main(String... arguments) throws IOException {
        long begun = System.nanoTime();
        String end = read(Filling.valueOf(arguments[0]), BYTES);
        System.out.printf("END %s, in %.1f s%n", end, (System.nanoTime() - begun) / 1e9);
    }
}
