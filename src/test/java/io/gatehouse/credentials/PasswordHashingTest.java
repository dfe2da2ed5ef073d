package io.gatehouse.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.credentials.PasswordHashing.Verdict;
import io.gatehouse.platform.StartupFailure;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashingTest {

    private static final Argon2Parameters CHEAP = new Argon2Parameters(256, 1, 1);
    /** From the tests of the reference implementation: "password" with the salt "somesalt". */
    private static final String REFERENCE =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    private final PasswordHashing hashing = new PasswordHashing(CHEAP);

    @Test
    void matchesThePasswordItHashedAndNoOther() {
        var phc = hashing.hash("correct horse ζ");
        assertThat(phc).matches("\\$argon2id\\$v=19\\$m=256,t=1,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}");
        assertThat(hashing.verify(phc, bytes("correct horse ζ"))).isEqualTo(Verdict.MATCH);
        assertThat(hashing.verify(phc, bytes("correct horse z"))).isEqualTo(Verdict.MISMATCH);
        assertThat(hashing.verify(phc, bytes(""))).isEqualTo(Verdict.MISMATCH);
    }

    @Test
    void saltsEachHash() {
        assertThat(hashing.hash("same")).isNotEqualTo(hashing.hash("same"));
    }

    @Test
    void leavesTheCallersBytesAlone() {
        var password = bytes("secret");
        hashing.verify(hashing.hash("secret"), password);
        assertThat(password).isEqualTo(bytes("secret"));
    }

    @Test
    void agreesWithTheReferenceImplementation() {
        assertThat(hashing.verify(REFERENCE, bytes("password"))).isEqualTo(Verdict.MATCH_OUTDATED);
        assertThat(hashing.verify(REFERENCE, bytes("passwore"))).isEqualTo(Verdict.MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({"512, 1, 1", "256, 2, 1", "256, 1, 2", "128, 1, 1"})
    void tellsWhenTheParametersWereOthers(int memoryKib, int iterations, int parallelism) {
        var phc = new PasswordHashing(new Argon2Parameters(memoryKib, iterations, parallelism)).hash("secret");
        assertThat(hashing.verify(phc, bytes("secret"))).isEqualTo(Verdict.MATCH_OUTDATED);
        assertThat(hashing.verify(phc, bytes("wrong"))).isEqualTo(Verdict.MISMATCH);
    }

    @Test
    void findsNoMatchWithoutAHash() {
        assertThat(hashing.verify(null, bytes("secret"))).isEqualTo(Verdict.MISMATCH);
        assertThat(hashing.verify(null, new byte[0])).isEqualTo(Verdict.MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=64,t=999999999,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=65536,t=1,p=4096$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=8,t=1,p=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=0,t=0,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=-1,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=16$m=256,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2i$v=19$m=256,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=256,t=1,p=1$c29tZXNhbHQ$",
        "$argon2id$v=19$m=256,t=1,p=1$c29tZXNhbHQ",
        "$argon2id$v=19$m=256,t=1,p=1$c29tZXNhbHQxx$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPcxx",
        "{SSHA}c29tZXNhbHQ", "$2b$12$abc", "secret", "", "\u0000"})
    void refusesStoredHashesThatAreHostileOrMalformed(String phc) {
        assertThat(hashing.verify(phc, bytes("password"))).isEqualTo(Verdict.MISMATCH);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{SSHA}LVxZaI4veFbA31GrfDOilp05GZsAESIzRFVmdw==",
        "$2b$04$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC",
        "$argon2i$v=16$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$3b7hwvrH/tAkOHP7KYzTXN6yHgUhaZCVxxORtSVdDIk",
        "$argon2id$v=16$m=256,t=1,p=1$ABEiM0RVZneImaq7zN3u/w$utdvFeyfp8tuUuXtyhKMPHano1688uxeoezlwsNxr8I"})
    void tellsThatAnImportedHashIsToBeMadeAnew(String imported) {
        assertThat(hashing.verify(imported, bytes("correct horse battery"))).isEqualTo(Verdict.MATCH_OUTDATED);
        assertThat(hashing.verify(imported, bytes("correct horse batterz"))).isEqualTo(Verdict.MISMATCH);
    }

    @Test
    void letsNobodyInByAnImportedHashOfTheEmptyPassword() {
        var empty = "{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
        assertThat(PasswordHash.parse(empty).verify(new byte[0])).isTrue();
        assertThat(hashing.verify(empty, new byte[0])).isEqualTo(Verdict.MISMATCH);
    }

    @Test
    void letsNobodyInByANulBehindThePasswordOfAnImportedHash() {
        var bcrypt = "$2b$04$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC";
        var repeated = bytes("correct horse battery\0correct horse battery");
        assertThat(PasswordHash.parse(bcrypt).verify(repeated)).isTrue();
        assertThat(hashing.verify(bcrypt, repeated)).isEqualTo(Verdict.MISMATCH);
        var pbkdf2 = "{PBKDF2}1000$.//.M0RVZneImaq7zN3u/w$4zdX8EBt9mIfuc6yPqK.pc8EBn0";
        assertThat(PasswordHash.parse(pbkdf2).verify(bytes("correct horse battery\0"))).isTrue();
        assertThat(hashing.verify(pbkdf2, bytes("correct horse battery\0"))).isEqualTo(Verdict.MISMATCH);
    }

    @Test
    void doesNotHashEndlessPasswordsForAnImportedHash() throws Exception {
        var endless = "x".repeat(1025);
        var hash = "{SHA}" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(bytes(endless)));
        assertThat(PasswordHash.parse(hash).verify(bytes(endless))).isTrue();
        assertThat(hashing.verify(hash, bytes(endless))).isEqualTo(Verdict.MISMATCH);
    }

    @ParameterizedTest
    @CsvSource({"7, 1, 1", "31, 1, 4", "262145, 1, 1", "256, 0, 1", "256, 17, 1", "256, 1, 0", "256, 1, 17", "-1, 1, 1"})
    void doesNotStartWithParametersOutOfRange(int memoryKib, int iterations, int parallelism) {
        assertThatThrownBy(() -> new PasswordHashing(new Argon2Parameters(memoryKib, iterations, parallelism)))
                .isInstanceOf(StartupFailure.class).hasMessageContaining("gatehouse.argon2");
    }

    @Test
    void servesManyThreadsAtOnceVirtualOnesIncluded() throws Exception {
        var phc = hashing.hash("secret");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var checks = IntStream.range(0, 200)
                    .<Callable<Verdict>>mapToObj(i -> () -> hashing.verify(phc, bytes(i % 2 == 0 ? "secret" : "wrong")))
                    .toList();
            var verdicts = threads.invokeAll(checks).stream().map(done -> done.resultNow()).toList();
            assertThat(verdicts.stream().filter(Verdict.MATCH::equals)).hasSize(100);
            assertThat(verdicts.stream().filter(Verdict.MISMATCH::equals)).hasSize(100);
        }
    }

    @Test
    void finishesACheckThoughInterruptedAndStaysInterrupted() {
        var phc = hashing.hash("secret");
        Thread.currentThread().interrupt();
        assertThat(hashing.verify(phc, bytes("secret"))).isEqualTo(Verdict.MATCH);
        assertThat(Thread.interrupted()).isTrue();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
