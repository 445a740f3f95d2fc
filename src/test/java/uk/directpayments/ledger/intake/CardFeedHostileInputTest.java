package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.assertUnreadable;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.feed;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.good;
import static uk.directpayments.ledger.intake.CardFeedRefusalsTest.with;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.kernel.RuleBroken;

class CardFeedHostileInputTest {

    private static final StatementLimits SMALL = new StatementLimits(6, 400, 2);

    private final CardFeedReader reader = new CardFeedReader(StatementLimits.DEFAULT, null);

    @Test
    void randomBytesNeverEndInAnythingButARefusal() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] feed = feed(good("T-1"), good("T-2"), good("T-3")).getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < 2_000; round++) {
            byte[] file = round % 2 == 0 ? new byte[random.nextInt(20_000)] : feed.clone();
            if (round % 2 == 0) {
                random.nextBytes(file);
            } else {
                for (int i = 0; i < 1 + round % 8; i++) {
                    file[random.nextInt(file.length)] = (byte) random.nextInt(256);
                }
            }
            try {
                Heard.from(reader, file);
                reader.recognises(file);
            } catch (RuleBroken refused) {
                assertThat(refused.code())
                        .as("seed %d round %d", seed, round)
                        .isIn("STATEMENT_UNREADABLE", "CURRENCY_NOT_SUPPORTED", "STATEMENT_DOES_NOT_BALANCE");
            }
        }
    }

    @Test
    void aFileCutAtAnyByteIsReadUpToThereOrRefused() {
        byte[] feed = feed(with(good("T-1"), "merchantName", "Zoë's \"Café\"\nLeeds"), good("T-2"))
                .getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < feed.length; length++) {
            try {
                Heard heard = Heard.from(reader, Arrays.copyOf(feed, length));
                assertThat(heard.lines.size() + heard.refusals.size()).isLessThanOrEqualTo(2);
            } catch (RuleBroken refused) {
                assertThat(refused.code()).isEqualTo("STATEMENT_UNREADABLE");
            }
        }
    }

    @Test
    void anEmptyFileIsUnreadable() {
        assertUnreadable("", "empty");
        assertUnreadable("\n\r\n", "empty");
    }

    @Test
    void aQuotationThatIsNeverClosedIsUnreadableAndSoIsTextAfterAClosedOne() {
        String feed = feed(good("T-1"), good("T-2"));
        assertUnreadable(feed + "\"C-1,T-3,\n", "after line 3");
        assertUnreadable(feed + "\"C-1\"x,T-3\n", "after line 3");
        assertUnreadable(feed + "\"\n" + (row() + "\n").repeat(5_000), "after line 3");
    }

    @Test
    void bytesThatAreNoTextAreUnreadableWithTheirLine() {
        byte[] feed = feed(with(good("T-1"), "merchantName", "café"), with(good("T-2"), "merchantName", "~"))
                .getBytes(Charset.forName("windows-1252"));
        for (int i = 0; i < feed.length; i++) {
            feed[i] = feed[i] == '~' ? (byte) 0x81 : feed[i];
        }
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> Heard.from(reader, feed))
                .matches(refused -> refused.code().equals("STATEMENT_UNREADABLE"))
                .withMessageContaining("line 3");
        byte[] utf16 = feed(good("T-1")).getBytes(StandardCharsets.UTF_16);
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> Heard.from(reader, utf16))
                .matches(refused -> refused.code().equals("STATEMENT_UNREADABLE"));
    }

    @Test
    void aLineWithoutEndIsTooLargeBeforeMuchOfItIsRead() {
        InputStream endless = new SequenceInputStream(
                new ByteArrayInputStream(feed(good("T-1")).getBytes(StandardCharsets.UTF_8)), new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }
                });
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> reader.read(endless, Heard.TODAY, new Heard()))
                .matches(refused -> refused.code().equals("TOO_LARGE"))
                .withMessageContaining("Line 3")
                .withMessageContaining("65536");
    }

    @Test
    void aLineOfNothingButCommasIsRefusedByItself() {
        Heard heard = Heard.fromCardFeed(feed(good("T-1")) + "x" + ",".repeat(65_000) + "\n" + row() + "\n");

        assertThat(heard.lines).hasSize(2);
        assertThat(heard.refusals).extracting(RefusedLine::lineNumber).containsExactly(3);
    }

    @Test
    void theLimitsOfLinesAndAccountsHoldAndTheirLastAllowedFileIsRead() {
        CardFeedReader small = new CardFeedReader(SMALL, null);
        String five = feed(good("T-1"), good("T-2"), good("T-3"), good("T-4"), good("T-5"));
        assertThat(Heard.from(small, five.getBytes(StandardCharsets.UTF_8)).lines)
                .hasSize(5);
        String windows = five.replace("\n", "\r\n");
        assertThat(Heard.from(small, windows.getBytes(StandardCharsets.UTF_8)).lines)
                .hasSize(5);
        assertTooLarge(small, five + row() + "\n", "6 lines");

        String two = feed(good("T-1"), with(good("T-2"), "accountRef", "C-2"));
        assertThat(Heard.from(small, two.getBytes(StandardCharsets.UTF_8)).balances)
                .hasSize(2);
        assertTooLarge(
                small,
                feed(good("T-1"), with(good("T-2"), "accountRef", "C-2"), with(good("T-3"), "accountRef", "C-3")),
                "2 accounts");
        assertTooLarge(small, feed(with(good("T-1"), "merchantName", "x".repeat(400))), "Line 2");
    }

    @Test
    void aFailingStreamFailsAsItself() {
        InputStream broken = new SequenceInputStream(
                new ByteArrayInputStream(feed(good("T-1")).getBytes(StandardCharsets.UTF_8)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("the disk is gone");
                    }
                });
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> reader.read(broken, Heard.TODAY, new Heard()))
                .withMessage("the disk is gone");
    }

    /** The stream makes its lines as they are asked for; the sink keeps none and sees how far ahead of it the reader is. */
    @Test
    void aLongFeedStreamsThrough() throws IOException {
        int lines = 100_000;
        String header = feed();
        String template = row();
        class Generated extends InputStream {
            private byte[] now = header.getBytes(StandardCharsets.UTF_8);
            private int at;
            private int made;
            private long given;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0];
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                if (at == now.length) {
                    if (made == lines) {
                        return -1;
                    }
                    now = (template.replace("T-N", "T-" + made++) + "\n").getBytes(StandardCharsets.UTF_8);
                    at = 0;
                }
                int count = Math.min(length, now.length - at);
                System.arraycopy(now, at, target, offset, count);
                at += count;
                given += count;
                return count;
            }
        }
        Generated file = new Generated();
        long[] heard = new long[2];
        reader.read(file, Heard.TODAY, new StatementReader.Sink() {
            @Override
            public void line(StatementLine line) {
                heard[0]++;
                heard[1] = Math.max(heard[1], file.made - heard[0]);
            }

            @Override
            public void repeated(StatementLine line) {
                throw new AssertionError(line);
            }

            @Override
            public void refused(RefusedLine line) {
                throw new AssertionError(line);
            }

            @Override
            public void balances(StatementBalances balances) {
                assertThat(balances.lines()).isEqualTo(lines);
            }
        });
        assertThat(heard[0]).isEqualTo(lines);
        assertThat(heard[1] * template.length())
                .as("bytes read ahead of the sink")
                .isLessThan(65_536);
        assertThat(file.given).isGreaterThan(5_000_000L);
    }

    private static String row() {
        List<String> feed = feed(good("T-N")).lines().toList();
        return feed.get(1);
    }

    private static void assertTooLarge(CardFeedReader reader, String feed, String words) {
        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> Heard.from(reader, feed.getBytes(StandardCharsets.UTF_8)))
                .matches(refused -> refused.code().equals("TOO_LARGE"))
                .withMessageContaining(words);
    }
}
