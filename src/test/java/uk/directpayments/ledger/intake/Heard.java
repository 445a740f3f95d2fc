package uk.directpayments.ledger.intake;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** A sink that keeps what it hears. */
final class Heard implements StatementReader.Sink {

    static final LocalDate TODAY = LocalDate.of(2026, 11, 20);

    final List<StatementLine> lines = new ArrayList<>();
    final List<StatementLine> repeats = new ArrayList<>();
    final List<RefusedLine> refusals = new ArrayList<>();
    final List<StatementBalances> balances = new ArrayList<>();

    static Heard from(StatementReader reader, byte[] file) {
        Heard heard = new Heard();
        try {
            reader.read(new ByteArrayInputStream(file), TODAY, heard);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return heard;
    }

    static Heard fromCardFeed(String file) {
        return from(new CardFeedReader(StatementLimits.DEFAULT, null), file.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] resource(String name) {
        try (var in = Heard.class.getResourceAsStream("/intake/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void line(StatementLine line) {
        lines.add(line);
    }

    @Override
    public void repeated(StatementLine line) {
        repeats.add(line);
    }

    @Override
    public void refused(RefusedLine line) {
        refusals.add(line);
    }

    @Override
    public void balances(StatementBalances told) {
        balances.add(told);
    }
}
