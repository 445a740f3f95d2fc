package uk.directpayments.ledger.web;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Actor.Role;

/**
 * A write of the API as a page with a form: its one definition. The variables of the page's path are those of the API's.
 *
 * @param page    where it is
 * @param api     what it is sent to, below {@code /api/v1}
 * @param subject what it is about: shown above the fields, or null; whoever cannot read it does not see the form
 * @param title   what one is about to do
 * @param help    a sentence or two under the title
 * @param button  what the button says
 * @param then    the page to go to once it is done; the answer's fields may stand in its path
 * @param template what shows it: {@code form}, unless more stands beside the fields
 * @param check   where a second button sends the same to hear what would come of it, or null
 * @param roles   who finds it; who may do it, the API decides
 */
record Form(
        String page,
        String api,
        @Nullable Subject subject,
        String title,
        String help,
        String button,
        String then,
        String template,
        @Nullable String check,
        List<Role> roles,
        List<Field> fields) {

    /** What a field takes. */
    enum Kind {
        /** One line. */
        LINE,
        /** Several lines. */
        TEXT,
        MONEY,
        /** Day, month and year. */
        DATE,
        /** One of a few. */
        CHOICE,
        /** Yes, or nothing. */
        YES,
        /** A file that is handed on. */
        FILE,
        /** A file of which only the hash and the name are sent. */
        DOCUMENT,
        /** Fixed: shown to nobody, taken from the subject, or its only option. */
        HIDDEN,
        /** The same, of a number. */
        HIDDEN_NUMBER,
        /** A whole number. */
        NUMBER,
        /** One of many: a list that opens. */
        SELECT,
        /** One of those there are: {@link Field#offers}. */
        OFFERED,
        /** Names and values, one a line with an equals sign between them. */
        SETTINGS,
        /** Several texts, one a line. */
        LISTED,
        /** Several amounts, one a line. */
        AMOUNTS,
        /** Some of what the page offers, ticked. */
        CHOSEN,
        /** The same fields again and again: {@link Field#rows}. */
        ROWS
    }

    /**
     * What a form is about: an answer of the API, or one item of a list in it.
     *
     * @param path of the API
     * @param list the field with the items ({@code items}: of all pages), or null for the answer itself
     * @param key  the field that names an item
     * @param id   the variable of the page's path with its name
     * @param also the field by which items of the same name are told apart: a parameter of the request, which may be left out; or null
     */
    record Subject(
            String path,
            @Nullable String list,
            String key,
            String id,
            @Nullable String also) {}

    /**
     * A field.
     *
     * @param name    as in the request of the API
     * @param label   a question or a noun
     * @param options codes, of a choice; of {@link Kind#SETTINGS}, the groups whose values are texts though they may be digits alone
     * @param from    the field of the subject that is proposed, {@code today}, or null for nothing
     * @param offers  what there is to choose from, of {@link Kind#OFFERED}
     * @param rows    the fields of each row, of {@link Kind#ROWS}
     */
    record Field(
            String name,
            Kind kind,
            String label,
            String hint,
            boolean optional,
            List<String> options,
            @Nullable String from,
            Offers.@Nullable Source offers,
            List<Field> rows) {

        /** The most rows that a form has room for. */
        private static final int MOST_ROWS = 50;

        static Field of(Kind kind, String name, String label) {
            return new Field(name, kind, label, "", false, List.of(), null, null, List.of());
        }

        static Field line(String name, String label) {
            return of(Kind.LINE, name, label);
        }

        static Field text(String name, String label) {
            return of(Kind.TEXT, name, label);
        }

        static Field money(String name, String label) {
            return of(Kind.MONEY, name, label);
        }

        static Field date(String name, String label) {
            return of(Kind.DATE, name, label).hint("For example, 27 3 2026");
        }

        static Field choice(String name, String label, String... options) {
            return new Field(name, Kind.CHOICE, label, "", false, List.of(options), null, null, List.of());
        }

        static Field select(String name, String label, String... options) {
            return new Field(name, Kind.SELECT, label, "", false, List.of(options), null, null, List.of());
        }

        /** What is always sent. */
        static Field fixed(String name, String value) {
            return new Field(name, Kind.HIDDEN, name, "", false, List.of(value), null, null, List.of());
        }

        /** One of those there are. */
        static Field offered(String name, String label, Offers.Source source) {
            return new Field(name, Kind.OFFERED, label, "", false, List.of(), null, source, List.of());
        }

        /** @param texts the groups whose values are texts though they may be digits alone */
        static Field settings(String name, String label, String... texts) {
            return new Field(name, Kind.SETTINGS, label, "", false, List.of(texts), null, null, List.of());
        }

        static Field number(String name, String label) {
            return of(Kind.NUMBER, name, label);
        }

        /** @param label of one row */
        static Field rows(String name, String label, Field... fields) {
            return new Field(name, Kind.ROWS, label, "", false, List.of(), null, null, List.of(fields));
        }

        Field hint(String words) {
            return new Field(name, kind, label, words, optional, options, from, offers, rows);
        }

        /** Of a word that is not sealed. */
        Field staysReadable(String examples) {
            return hint("A word or two that name nobody, for example " + examples + ": they stay readable for ever");
        }

        Field from(String source) {
            return new Field(name, kind, label, hint, optional, options, source, offers, rows);
        }

        Field ifAny() {
            return new Field(name, kind, label, hint, true, options, from, offers, rows);
        }

        /** What an error links to. @param input the name of this field's input: of a row, it has the row's number */
        public String id(String input) {
            return switch (kind) {
                case DATE -> input + "-day";
                case CHOICE -> input + "-" + options.get(0);
                default -> input;
            };
        }

        /** The name of the input of one field of a row. */
        public String input(int row, Field field) {
            return name + "[" + row + "]." + field.name;
        }

        /** How many rows are shown: as many as were, at least one. */
        public int count(Map<String, String> typed) {
            String rows = typed.getOrDefault(name + "-rows", "1");
            return rows.matches("[0-9]{1,3}") ? Math.max(1, Math.min(Integer.parseInt(rows), MOST_ROWS)) : 1;
        }
    }

    static Form of(String page, String title, String button, Role... roles) {
        return new Form(page, page, null, title, "", button, "/", "form", null, List.of(roles), List.of());
    }

    /** Where its page's path is not that of the API. */
    Form to(String path) {
        return new Form(page, path, subject, title, help, button, then, template, check, roles, fields);
    }

    Form about(String path) {
        return about(new Subject(path, null, "", "", null));
    }

    /** About the item of a list that the last variable of the page's path names: there it is called the same. */
    Form aboutOne(String path, String list) {
        return aboutOne(path, list, null);
    }

    /** About one of several that may be called the same. @param also the field that tells them apart: also one of the form's */
    Form aboutOne(String path, String list, @Nullable String also) {
        String id = page.replaceAll(".*\\{(\\w+)}.*", "$1");
        return about(new Subject(path, list, id, id, also));
    }

    /** About a transaction of an account. @param id the variable of the page's path that names it */
    Form aboutTransaction(String id) {
        return about(new Subject("/accounts/{accountId}/transactions", "items", "transactionId", id, null));
    }

    private Form about(Subject one) {
        return new Form(page, api, one, title, help, button, then, template, check, roles, fields);
    }

    Form help(String words) {
        return new Form(page, api, subject, title, words, button, then, template, check, roles, fields);
    }

    Form then(String path) {
        return new Form(page, api, subject, title, help, button, path, template, check, roles, fields);
    }

    /** Shown by a template of its own. */
    Form shownBy(String name) {
        return new Form(page, api, subject, title, help, button, then, name, check, roles, fields);
    }

    Form checkedAt(String path) {
        return new Form(page, api, subject, title, help, button, then, template, path, roles, fields);
    }

    Form fields(Field... all) {
        return new Form(page, api, subject, title, help, button, then, template, check, roles, Arrays.asList(all));
    }

    public boolean hasFile() {
        return fields.stream().anyMatch(field -> field.kind == Kind.FILE || field.kind == Kind.DOCUMENT);
    }

    /** Fields of which there may be several rows: a button adds one. */
    public List<Field> growing() {
        return fields.stream().filter(field -> field.kind == Kind.ROWS).toList();
    }

    /** Whether a field names what is written to, and is no part of the body. */
    boolean isInPath(Field field) {
        return api.contains("{" + field.name + "}");
    }
}
