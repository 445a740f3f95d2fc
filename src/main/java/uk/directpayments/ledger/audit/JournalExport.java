package uk.directpayments.ledger.audit;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.account.AccountRegister;
import uk.directpayments.ledger.account.Journal;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.platform.Pages;
import uk.directpayments.ledger.platform.StoredEvents;
import uk.directpayments.ledger.platform.StoredEvents.StoredEvent;
import uk.directpayments.ledger.platform.View;

/**
 * The journal in plain text, for programs that other people wrote: each money event one balanced transaction, with both dates. Written page by
 * page, account by account, in memory that does not grow. Rulebook 6.
 */
@Component
class JournalExport {

    private static final int HASH_DIGITS = 8;
    private static final int LINES = 2_000;

    private final Journal journal;
    private final AccountRegister accounts;
    private final StoredEvents events;

    JournalExport(Journal journal, AccountRegister accounts, StoredEvents events) {
        this.journal = journal;
        this.accounts = accounts;
        this.events = events;
    }

    /** In whose syntax. */
    enum Format {
        hledger,
        beancount
    }

    /** @param accountId one account's transactions, or null for all */
    void write(Format format, @Nullable String accountId, View view, Writer out) throws IOException {
        List<String> ids = accountId == null ? all(view) : List.of(accountId);
        if (format == Format.beancount) {
            open(ids, view, out);
        }
        for (String id : ids) {
            account(format, id, view, out);
        }
    }

    private List<String> all(View view) {
        List<String> ids = new ArrayList<>();
        Pages.<AccountRegister.Entry, String>each(
                after -> accounts.list(AccountRegister.Filter.ALL, after, Pages.SIZE, view),
                AccountRegister.Entry::accountId,
                page -> page.forEach(account -> ids.add(account.accountId())));
        return ids;
    }

    /** Beancount wants every account opened before it is used. */
    private void open(List<String> ids, View view, Writer out) throws IOException {
        TreeSet<String> used = new TreeSet<>();
        for (String id : ids) {
            used.addAll(journal.trialBalance(id, view).keySet());
        }
        out.write("option \"operating_currency\" \"GBP\"\n");
        for (String name : used) {
            out.write("1970-01-01 open " + beancount(name) + "\n");
        }
        out.write("\n");
    }

    private void account(Format format, String accountId, View view, Writer out) throws IOException {
        Journal.Line last = null;
        List<Journal.Line> entry = new ArrayList<>();
        List<Journal.Line> page;
        do {
            page = journal.lines(accountId, EvidencePack.BEGINNING, view.asOf(), last, LINES, view);
            List<List<Journal.Line>> entries = new ArrayList<>();
            for (Journal.Line line : page) {
                if (!entry.isEmpty() && entry.get(0).position() != line.position()) {
                    entries.add(entry);
                    entry = new ArrayList<>();
                }
                entry.add(line);
                last = line;
            }
            if (page.size() < LINES && !entry.isEmpty()) {
                entries.add(entry);
            }
            Map<Long, StoredEvent> stored = events.at(
                    entries.stream().map(lines -> lines.get(0).position()).collect(Collectors.toSet()));
            for (List<Journal.Line> lines : entries) {
                transaction(
                        format,
                        lines,
                        java.util.Objects.requireNonNull(stored.get(lines.get(0).position())),
                        out);
            }
        } while (page.size() == LINES);
    }

    private void transaction(Format format, List<Journal.Line> lines, StoredEvent event, Writer out)
            throws IOException {
        Journal.Line first = lines.get(0);
        String kind = event.name().substring(event.name().indexOf('.') + 1);
        if (format == Format.hledger) {
            out.write(first.on() + " * " + kind + " | " + first.accountId() + "  ; event:" + event.name() + ", seq:"
                    + event.sequence() + ", position:" + event.position() + ", known:" + event.recordedAt() + "\n");
            for (Journal.Line line : lines) {
                out.write("    " + line.ledgerAccount() + "    GBP " + line.amount() + "\n");
            }
        } else {
            out.write(first.on() + " * \"" + first.accountId() + "\" \"" + kind + "\"\n  event: \"" + event.name()
                    + "\"\n  seq: " + event.sequence() + "\n  position: " + event.position() + "\n  known: \""
                    + event.recordedAt() + "\"\n");
            for (Journal.Line line : lines) {
                out.write("  " + beancount(line.ledgerAccount()) + "  " + line.amount() + " GBP\n");
            }
        }
        out.write("\n");
    }

    /**
     * Beancount's names have five roots, and parts that begin with a capital or a digit. An id or a category that must be changed for it has a hash
     * behind it, so that no two become one.
     */
    static String beancount(String ledgerAccount) {
        StringJoiner name = new StringJoiner(":");
        String[] parts = ledgerAccount.split(":");
        for (int i = 0; i < parts.length; i++) {
            String safe = parts[i].replaceAll("[^A-Za-z0-9-]", "-");
            String capital = Character.isLetterOrDigit(safe.charAt(0)) ? safe : "X" + safe;
            String allowed = Character.toUpperCase(capital.charAt(0)) + capital.substring(1);
            boolean given = i == 2 && (parts[1].equals("recipient") || parts[1].equals("care"));
            name.add(
                    given && !allowed.equals(parts[i])
                            ? allowed + "-" + Hashes.hex(parts[i]).substring(0, HASH_DIGITS)
                            : allowed);
        }
        return name.toString();
    }
}
