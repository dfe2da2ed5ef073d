package io.gatehouse.bench;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** The scripts of the {@link Scenario}s. */
final class Scripts {

    static final int PAGE_SIZE = 1_000;

    private static final String NOT_ROOT = "(&(uidNumber=*)(!(uidNumber=0)))";
    private static final String PERSON = "(&(uid=" + RequestTemplate.USERNAME + ")(objectClass=posixAccount)" + NOT_ROOT + ")";
    private static final String GROUPS_OF_PERSON = "(&(memberUid=" + RequestTemplate.USERNAME
            + ")(objectClass=posixGroup)(cn=*)(&(gidNumber=*)(!(gidNumber=0))))";
    private static final String EVERYBODY = "(&(objectclass=posixAccount)(uid=*)" + NOT_ROOT + "(gidNumber=*))";

    private Scripts() {
    }

    static Script personLookup(Population population, long seed) {
        var template = RequestTemplate.search(Contender.PEOPLE, PERSON, RequestTemplate.PERSON_ATTRIBUTES);
        return new AboutSomebody(template, population.users(), 1, seed);
    }

    /** SSSD asks for pages here, too. */
    static Script groupsOfPerson(Population population, long seed) {
        var template = RequestTemplate.search(Contender.GROUPS, GROUPS_OF_PERSON, RequestTemplate.GROUP_ATTRIBUTES,
                new SimplePagedResultsControl(PAGE_SIZE));
        return new AboutSomebody(template, population.users(), Population.GROUPS_PER_USER, seed);
    }

    /** @param users how many of those with a password take part */
    static Script passwordBind(String password, int users, long seed) {
        return new AboutSomebody(RequestTemplate.bindAsUser(password), users, 0, seed);
    }

    static Script enumeration(Population population) {
        return new Enumeration(population.people());
    }

    static Script login(Contender contender, long seed) {
        return new BindThenLookup(RequestTemplate.bind(contender.reader()), personLookup(contender.population(), seed));
    }

    /** One request about a random person each time. */
    private static final class AboutSomebody implements Script {

        private final RequestTemplate template;
        private final int users;
        private final int entries;
        private final SplittableRandom random;

        private AboutSomebody(RequestTemplate template, int users, int entries, long seed) {
            this.template = template;
            this.users = users;
            this.entries = entries;
            random = new SplittableRandom(seed);
        }

        @Override
        public ByteBuffer next() {
            return template.about(random.nextInt(users));
        }

        @Override
        public int answered(Answer answer) {
            require(answer.entries(), entries);
            return 1;
        }
    }

    /** Everybody, page by page. An operation is an entry. */
    private static final class Enumeration implements Script {

        private final int people;
        private ASN1OctetString cookie;
        private int seen;

        private Enumeration(int people) {
            this.people = people;
        }

        @Override
        public ByteBuffer next() {
            return RequestTemplate.page(Contender.PEOPLE, EVERYBODY, RequestTemplate.PERSON_ATTRIBUTES, PAGE_SIZE, cookie);
        }

        @Override
        public int answered(Answer answer) {
            seen += answer.entries();
            cookie = cookieOf(answer);
            if (cookie == null) {
                require(seen, people);
                seen = 0;
            }
            return answer.entries();
        }

        private static ASN1OctetString cookieOf(Answer answer) {
            for (var control : answer.last().getControls()) {
                if (control.getOID().equals(SimplePagedResultsControl.PAGED_RESULTS_OID)) {
                    try {
                        var page = new SimplePagedResultsControl(control.getOID(), control.isCritical(), control.getValue());
                        return page.moreResultsToReturn() ? page.getCookie() : null;
                    } catch (LDAPException e) {
                        throw new IllegalStateException("The control of paged results is malformed", e);
                    }
                }
            }
            throw new IllegalStateException("The server does not support paged results");
        }

        @Override
        public boolean isBetweenOperations() {
            return cookie == null;
        }
    }

    /** On a connection of its own each time. */
    private static final class BindThenLookup implements Script {

        private final ByteBuffer bind;
        private final Script lookup;
        private boolean bound;

        private BindThenLookup(ByteBuffer bind, Script lookup) {
            this.bind = bind;
            this.lookup = lookup;
        }

        @Override
        public ByteBuffer next() {
            return bound ? lookup.next() : bind.rewind();
        }

        @Override
        public int answered(Answer answer) {
            bound = !bound;
            return bound ? 0 : lookup.answered(answer);
        }

        @Override
        public boolean isBetweenOperations() {
            return !bound;
        }
    }

    private static void require(int entries, int expected) {
        if (entries != expected) {
            throw new IllegalStateException("The server returned " + entries + " entries instead of " + expected);
        }
    }
}
