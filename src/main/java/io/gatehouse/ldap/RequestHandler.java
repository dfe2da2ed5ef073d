package io.gatehouse.ldap;

import com.unboundid.ldap.listener.LDAPListenerClientConnection;
import com.unboundid.ldap.listener.LDAPListenerRequestHandler;
import com.unboundid.ldap.protocol.AbandonRequestProtocolOp;
import com.unboundid.ldap.protocol.AddRequestProtocolOp;
import com.unboundid.ldap.protocol.AddResponseProtocolOp;
import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.protocol.BindResponseProtocolOp;
import com.unboundid.ldap.protocol.CompareRequestProtocolOp;
import com.unboundid.ldap.protocol.CompareResponseProtocolOp;
import com.unboundid.ldap.protocol.DeleteRequestProtocolOp;
import com.unboundid.ldap.protocol.DeleteResponseProtocolOp;
import com.unboundid.ldap.protocol.ExtendedRequestProtocolOp;
import com.unboundid.ldap.protocol.ExtendedResponseProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.ModifyDNRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyDNResponseProtocolOp;
import com.unboundid.ldap.protocol.ModifyRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyResponseProtocolOp;
import com.unboundid.ldap.protocol.ProtocolOp;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.protocol.SearchResultDoneProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.directory.Directory;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Unavailable;
import io.gatehouse.platform.observe.AccessLog;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each request of a connection to its operation, and makes a response of what comes back. */
final class RequestHandler extends LDAPListenerRequestHandler {

    private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

    /** The operations, and what they share. */
    @Singleton
    record Operations(Directory directory, DirectoryLayout layout, BindOperation bind, SearchOperation search,
                      CompareOperation compare, ModifyOperation modify, ExtendedOperation extended, LdapMeters meters, AccessLog log) {
    }

    private final Operations operations;
    private final Session session;
    private final EntryWriter entries;

    /** Makes one for each connection. */
    RequestHandler(Operations operations) {
        this(operations, null, null);
    }

    private RequestHandler(Operations operations, Session session, EntryWriter entries) {
        this.operations = operations;
        this.session = session;
        this.entries = entries;
    }

    @Override
    public RequestHandler newInstance(LDAPListenerClientConnection client) {
        var connection = ((SocketView) client.getSocket()).connection();
        client.setUncaughtExceptionHandler((thread, error) -> {
            LOG.error("A connection's thread failed", error);
            connection.close();
        });
        return new RequestHandler(operations, new Session(operations.directory(), connection),
                new EntryWriter(connection.responses(), operations.layout()));
    }

    /** An operation has ended by the time that the request to abandon it is read. */
    @Override
    public void processAbandonRequest(int id, AbandonRequestProtocolOp request, List<Control> controls) {
        try {
            session.connection().requestDecoded();
        } catch (IOException connectionEnded) {
            LOG.debug("A malformed abandon request", connectionEnded);
        }
    }

    @Override
    public LDAPMessage processBindRequest(int id, BindRequestProtocolOp request, List<Control> controls) {
        return respond(Operation.BIND, id, request, controls, () -> operations.bind().process(session, request, controls), answer ->
                new BindResponseProtocolOp(answer.code().intValue(), answer.matchedDn(), answer.diagnostic(), null, null));
    }

    @Override
    public LDAPMessage processSearchRequest(int id, SearchRequestProtocolOp request, List<Control> controls) {
        entries.setMessageId(id);
        return respond(Operation.SEARCH, id, request, controls, () -> operations.search().process(session, entries, request, controls), answer ->
                new SearchResultDoneProtocolOp(answer.code().intValue(), answer.matchedDn(), answer.diagnostic(), null));
    }

    @Override
    public LDAPMessage processCompareRequest(int id, CompareRequestProtocolOp request, List<Control> controls) {
        return respond(Operation.COMPARE, id, request, controls, () -> operations.compare().process(session, request, controls), answer ->
                new CompareResponseProtocolOp(answer.code().intValue(), answer.matchedDn(), answer.diagnostic(), null));
    }

    @Override
    public LDAPMessage processModifyRequest(int id, ModifyRequestProtocolOp request, List<Control> controls) {
        return respond(Operation.MODIFY, id, request, controls, () -> operations.modify().process(session, request, controls), answer ->
                new ModifyResponseProtocolOp(answer.code().intValue(), answer.matchedDn(), answer.diagnostic(), null));
    }

    @Override
    public LDAPMessage processExtendedRequest(int id, ExtendedRequestProtocolOp request, List<Control> controls) {
        return respond(Operation.EXTENDED, id, request, controls, () -> operations.extended().process(session, request, controls), answer -> new ExtendedResponseProtocolOp(
                answer.code().intValue(), answer.matchedDn(), answer.diagnostic(), null, answer.oid(), answer.value()));
    }

    @Override
    public LDAPMessage processAddRequest(int id, AddRequestProtocolOp request, List<Control> controls) {
        return respond(Operation.ADD, id, request, controls, () -> overHttp(controls), answer ->
                new AddResponseProtocolOp(answer.code().intValue(), answer.matchedDn(), answer.diagnostic(), null));
    }

    @Override
    public LDAPMessage processDeleteRequest(int id, DeleteRequestProtocolOp request, List<Control> controls) {
        return respond(Operation.DELETE, id, request, controls, () -> overHttp(controls), answer ->
                new DeleteResponseProtocolOp(answer.code().intValue(), answer.matchedDn(), answer.diagnostic(), null));
    }

    @Override
    public LDAPMessage processModifyDNRequest(int id, ModifyDNRequestProtocolOp request, List<Control> controls) {
        return respond(Operation.MODIFY_DN, id, request, controls, () -> overHttp(controls), answer ->
                new ModifyDNResponseProtocolOp(answer.code().intValue(), answer.matchedDn(), answer.diagnostic(), null));
    }

    private static Answer overHttp(List<Control> controls) {
        RequestControls.check(controls, Set.of(RequestControls.MANAGE_DSA_IT));
        throw new Refusal(ResultCode.UNWILLING_TO_PERFORM, "Entries are added, renamed and deleted over the HTTP API.");
    }

    private LDAPMessage respond(Operation kind, int id, ProtocolOp request, List<Control> requested, Supplier<Answer> operation,
                                Function<Answer, ProtocolOp> response) {
        long began = System.nanoTime();
        var answer = answer(kind, id, operation);
        ended(kind, id, request, answer, System.nanoTime() - began);
        return new LDAPMessage(id, response.apply(answer), wanted(answer.controls(), requested));
    }

    private void ended(Operation kind, int id, ProtocolOp request, Answer answer, long nanos) {
        operations.meters().count(kind, answer.code(), nanos);
        if (operations.log().takes(AccessLog.Protocol.LDAP)) {
            operations.log().add(new LdapAccess(Instant.now(), kind, session.connection(), id, request, answer,
                    kind == Operation.SEARCH ? entries.written() : 0, session.boundDn(), session.address(), nanos));
        }
    }

    /** The password policy's state is told to whoever asked for it (draft-behera-ldap-password-policy section 6.2). */
    private static List<Control> wanted(List<Control> controls, List<Control> requested) {
        return controls.isEmpty() || requested.stream().anyMatch(control -> control.getOID().equals(RequestControls.PASSWORD_POLICY))
                ? controls
                : controls.stream().filter(control -> !control.getOID().equals(RequestControls.PASSWORD_POLICY)).toList();
    }

    private Answer answer(Operation kind, int id, Supplier<Answer> operation) {
        try {
            session.connection().requestDecoded();
            session.begin(id);
            if (!kind.mayChangePassword()) {
                session.requireNoPasswordChangeFirst();
            }
            return operation.get();
        } catch (IOException connectionEnded) {
            return Answer.of(ResultCode.PROTOCOL_ERROR, connectionEnded.getMessage());
        } catch (Refusal refusal) {
            return refusal.answer();
        } catch (Problem problem) {
            return Refusal.of(problem).answer();
        } catch (Unavailable unavailable) {
            return Refusal.of(unavailable).answer();
        } catch (UncheckedIOException clientGone) {
            session.connection().close();
            return Answer.of(ResultCode.OTHER, null);
        } catch (RuntimeException e) {
            var correlation = session.connection().correlationId(id);
            LOG.error("An LDAP operation failed [{}]", correlation, e);
            return Answer.of(ResultCode.OTHER, "The server failed; its log tells why under " + correlation + ".");
        }
    }
}
