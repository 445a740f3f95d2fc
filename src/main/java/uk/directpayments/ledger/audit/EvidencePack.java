package uk.directpayments.ledger.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.AccountTransactions;
import uk.directpayments.ledger.account.AccountTransactions.Transaction;
import uk.directpayments.ledger.platform.Pages;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.Signing;
import uk.directpayments.ledger.platform.StoredEvents;
import uk.directpayments.ledger.platform.StoredEvents.Filter;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.policy.Policies;

/**
 * What somebody needs who wants to check accounts without the ledger: their events as stored, proofs, the signed checkpoint, statement, journal,
 * policies, and a program that checks it. Written straight into the answer.
 */
@Component
class EvidencePack {

    private static final int PAGE = 500;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final StoredEvents events;
    private final TransparencyLog transparency;
    private final JournalExport journal;
    private final AccountTransactions transactions;
    private final AccountRegister accounts;
    private final Policies policies;
    private final Signing signing;
    private final SigningKeys keys;
    private final Sealing sealing;

    EvidencePack(
            StoredEvents events,
            TransparencyLog transparency,
            JournalExport journal,
            AccountTransactions transactions,
            AccountRegister accounts,
            Policies policies,
            Signing signing,
            SigningKeys keys,
            Sealing sealing) {
        this.events = events;
        this.transparency = transparency;
        this.journal = journal;
        this.transactions = transactions;
        this.accounts = accounts;
        this.policies = policies;
        this.signing = signing;
        this.keys = keys;
        this.sealing = sealing;
    }

    /** Before every business day. */
    static final LocalDate BEGINNING = LocalDate.of(1, 1, 1);

    /**
     * Which accounts and days.
     *
     * @param to   not after the view's day
     * @param seed of the random sample, or null
     */
    record Scope(
            List<AccountRegister.Entry> accounts,
            LocalDate from,
            LocalDate to,
            @Nullable Long seed) {}

    /** Accounts drawn at random: the same for the same seed and ledger. */
    List<AccountRegister.Entry> sample(int size, long seed, View view) {
        List<AccountRegister.Entry> all = new ArrayList<>();
        Pages.<AccountRegister.Entry, String>each(
                after -> accounts.list(AccountRegister.Filter.ALL, after, Pages.SIZE, view),
                AccountRegister.Entry::accountId,
                all::addAll);
        SplittableRandom random = new SplittableRandom(seed);
        List<AccountRegister.Entry> drawn = new ArrayList<>();
        while (drawn.size() < size && !all.isEmpty()) {
            drawn.add(all.remove(random.nextInt(all.size())));
        }
        drawn.sort(java.util.Comparator.comparing(AccountRegister.Entry::accountId));
        return drawn;
    }

    void write(Scope scope, View view, OutputStream to) throws IOException {
        Checkpoint checkpoint = transparency.checkpoint();
        try (ZipOutputStream zip = new ZipOutputStream(to, StandardCharsets.UTF_8)) {
            resource(zip, "README.txt", "/audit/README.txt");
            resource(zip, "Verify.java", "/audit/Verify.java");
            entry(zip, "checkpoint.txt", out -> out.write(checkpoint.note(signing)));
            entry(zip, "public-key.txt", out -> out.write(signing.publicKeyText() + "\n"));
            entry(zip, "keys.txt", this::keys);
            entry(zip, "manifest.txt", out -> manifest(scope, view, checkpoint, out));
            TreeSet<String> versions = new TreeSet<>();
            TreeSet<String> documents = new TreeSet<>();
            entry(
                    zip,
                    "events.jsonl",
                    out -> each(scope, checkpoint.size(), page -> stored(page, checkpoint.size(), out)));
            entry(
                    zip,
                    "readable.jsonl",
                    out -> each(scope, checkpoint.size(), page -> {
                        for (StoredEvent event : page) {
                            readable(event, versions, documents, out);
                        }
                    }));
            entry(zip, "statement.csv", out -> statement(scope, view, out));
            entry(zip, "journal.hledger", out -> {
                for (AccountRegister.Entry account : scope.accounts) {
                    // from its beginning, or its balances were not the statement's
                    journal.write(JournalExport.Format.hledger, account.accountId(), view.asOf(scope.to), out);
                }
            });
            entry(zip, "policies.json", out -> policies(versions, out));
            entry(zip, "documents.txt", out -> out.write(String.join("\n", documents)));
        }
    }

    private interface Content {
        void write(Writer out) throws IOException;
    }

    private interface Each {
        void page(List<StoredEvent> events) throws IOException;
    }

    private static void entry(ZipOutputStream zip, String name, Content content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        Writer out = new OutputStreamWriter(zip, StandardCharsets.UTF_8);
        content.write(out);
        out.flush();
        zip.closeEntry();
    }

    private static void resource(ZipOutputStream zip, String name, String path) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        try (InputStream in = Objects.requireNonNull(EvidencePack.class.getResourceAsStream(path), path)) {
            in.transferTo(zip);
        }
        zip.closeEntry();
    }

    /** From any key that somebody was given to the present one. */
    private void keys(Writer out) throws IOException {
        for (SigningKeys.Change change : keys.changes()) {
            out.write(Signing.publicKeyText(change.previous()) + " " + Signing.publicKeyText(change.next()) + " "
                    + Base64.getEncoder().encodeToString(change.signed()) + "\n");
        }
    }

    private static void manifest(Scope scope, View view, Checkpoint checkpoint, Writer out) throws IOException {
        out.write("from " + (scope.from.equals(BEGINNING) ? "the beginning" : scope.from) + " to " + scope.to + "\n");
        out.write("as of " + view.asOf()
                + (view.knownAt() == null ? ", with all that was recorded" : ", known at " + view.knownAt()) + "\n");
        out.write("log of " + checkpoint.size() + " events, signed " + checkpoint.signedAt() + "\n");
        if (scope.seed != null) {
            out.write("random sample, seed " + scope.seed + "\n");
        }
        for (AccountRegister.Entry account : scope.accounts) {
            out.write("account " + account.accountId() + "\n");
        }
    }

    /** The events of the accounts in the log's order, account by account, whatever their days and when they were recorded: a pack proves whole histories. */
    private void each(Scope scope, long size, Each each) throws IOException {
        for (AccountRegister.Entry account : scope.accounts) {
            long after = 0;
            List<StoredEvent> page;
            do {
                page = events.page(after, PAGE, new Filter(account.accountId(), null, null, null));
                after = page.isEmpty() ? after : page.get(page.size() - 1).position();
                each.page(
                        page.stream().filter(event -> event.position() <= size).toList());
            } while (page.size() == PAGE);
        }
    }

    private void stored(List<StoredEvent> page, long size, Writer out) throws IOException {
        Map<Long, List<String>> proofs =
                transparency.inclusions(page.stream().map(StoredEvent::position).toList(), size);
        for (StoredEvent event : page) {
            stored(event, Objects.requireNonNull(proofs.get(event.position())), out);
        }
    }

    private static void stored(StoredEvent event, List<String> proof, Writer out) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("position", Long.toString(event.position()));
        line.put("stream", event.streamId());
        line.put("sequence", Long.toString(event.sequence()));
        line.put("streamType", event.streamType());
        line.put("name", event.name());
        line.put("revision", event.revision());
        line.put("eventId", event.eventId());
        line.put("recordedAtMillis", Long.toString(event.recordedAt().toEpochMilli()));
        line.put("metadata", event.metadata());
        line.put("payload", event.payload());
        line.put("proof", proof);
        out.write(JSON.writeValueAsString(line) + "\n");
    }

    private void readable(StoredEvent event, TreeSet<String> versions, TreeSet<String> documents, Writer out)
            throws IOException {
        SortedMap<String, String> metadata = events.metadata(event);
        JsonNode payload = events.opened(event);
        String version = metadata.get("policyVersion");
        if (version != null) {
            versions.add(version);
        }
        // one of its own, or a list of them
        documents.addAll(payload.findValuesAsString("sha256"));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("position", event.position());
        line.put("event", event.name());
        line.put("recordedAt", event.recordedAt().toString());
        line.put("metadata", metadata);
        line.put("payload", payload);
        out.write(JSON.writeValueAsString(line) + "\n");
    }

    private void statement(Scope scope, View view, Writer out) throws IOException {
        out.write("account,on,kind,transaction,amount,balance,payee,category\n");
        for (AccountRegister.Entry account : scope.accounts) {
            AccountTransactions.Place after = null;
            List<Transaction> page;
            do {
                page = transactions.list(account.accountId(), scope.from, scope.to, after, PAGE, view);
                for (Transaction row : page) {
                    after = new AccountTransactions.Place(row.on(), row.position());
                    String payee = sealing.openIfGiven(account.personId(), row.payee());
                    out.write(String.join(
                                    ",",
                                    account.accountId(),
                                    row.on().toString(),
                                    row.kind().name(),
                                    quoted(row.transactionId()),
                                    row.amount().toString(),
                                    row.balanceAfter().toString(),
                                    quoted(payee),
                                    quoted(row.category()))
                            + "\n");
                }
            } while (page.size() == PAGE);
        }
    }

    /** Quoted, and never the beginning of a spreadsheet's formula. */
    private static String quoted(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String plain = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return '"' + plain.replace("\"", "\"\"") + '"';
    }

    private void policies(TreeSet<String> versions, Writer out) {
        Map<String, Object> all = new LinkedHashMap<>();
        versions.forEach(
                version -> all.put(version, policies.version(version).settings().values()));
        try {
            out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
