package io.gatehouse.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatehouse.platform.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hashes were made by other implementations: libxcrypt, OpenLDAP, Passlib, argon2-cffi, bcryptjs, Node and OpenSSL. */
class PasswordHashTest {

    private static final String PASSWORD = "correct horse battery";
    private static final String SKYPANEL = "ba9c3ef700b6de474b706aea98d13043eda61fb74744cfa3ddc2c124d41d72bbd9133a089140f0b26271c4d8d5d92dcf1"
            + "86b8f3451bcab31527466fff1000bf8.00112233445566778899aabbccddeeff";
    private static final String BETTER_AUTH = "00112233445566778899aabbccddeeff:267a33c2ae63f1c2d542f84d50b7d87c68900c8b9475f6a47ade71cf44b234822"
            + "e0a34af1d226572b5caf52809319d4c486f3d209cc2fd022fb53bb4eaeb35b1";

    @ParameterizedTest
    @ValueSource(strings = {
        "$argon2i$v=16$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$3b7hwvrH/tAkOHP7KYzTXN6yHgUhaZCVxxORtSVdDIk",
        "$argon2i$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$njqYph/EBk3yDRxEUyxrd5tPa6AVmP5SjbwRMWB6EQk",
        "$argon2d$v=16$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$9W0Od957T5dc4sqGbKKo69ff60YjCWI7a5Cr4dxQLYc",
        "$argon2d$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$/AXYXZ81WcY+gvLKXcq9EoxxQOPGDp4CbEY9SDnYK7k",
        "$argon2id$v=16$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$VR1uHrZLO0148mpVZ2U4Di8l1J6AAMctV5PRAvG8H0I",
        "$argon2id$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo",
        "$argon2i$m=256,t=1,p=1$ABEiM0RVZneImaq7zN3u/w$djfWOAsFGXEENNsL9YT/dhA93vh9lDmeZA3pimyCtLI",
        "{ARGON2}$argon2id$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo",
        "$2a$04$DsNU432uriUjP7Ep23iuN.kJzSiQ9ChPMLSsGYCQVwiR17VyY5Nvq",
        "$2b$04$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC",
        "$2y$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS",
        "$2b$12$gVeQx.x.v0v8hEJamAF2u.NQOoSifm7MMe8rStnf0KQX.mTC42KB.",
        "$2y$12$gVeQx.x.v0v8hEJamAF2u.NQOoSifm7MMe8rStnf0KQX.mTC42KB.",
        "{CRYPT}$2y$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS",
        SKYPANEL,
        BETTER_AUTH,
        "$scrypt$ln=10,r=8,p=2$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk",
        "{PBKDF2}1000$.//.M0RVZneImaq7zN3u/w$4zdX8EBt9mIfuc6yPqK.pc8EBn0",
        "{PBKDF2}10000$Zhetjs20.XzTrKejMl7Y6A$apkmTRi7XwtJ5vJqkq8Iija2ims",
        "{PBKDF2-SHA1}1000$.//.M0RVZneImaq7zN3u/w$4zdX8EBt9mIfuc6yPqK.pc8EBn0",
        "{PBKDF2-SHA256}1000$.//.M0RVZneImaq7zN3u/w$M7ls07YRSv8luHfEUxmpAM6FcWshZ6RZHzUjdbP9ztc",
        "{PBKDF2-SHA256}10000$95ljqyBvPuI2Ktj88MSsVg$kYO0BsbXZ00IWkitWLXRVGCQInc7J0xdM33ctsGKdUM",
        "{pbkdf2-sha512}1000$.//.M0RVZneImaq7zN3u/w$fpyKRDHR7FEZbRM7UDm9V6gl2CAdyciXYzm317uBjh3E.ec7KLtKWhb/vrbFUTxQTa1MZlE1D2gy4CKgsTIxVw",
        "$pbkdf2$1000$.//.M0RVZneImaq7zN3u/w$4zdX8EBt9mIfuc6yPqK.pc8EBn0",
        "$pbkdf2-sha256$1000$.//.M0RVZneImaq7zN3u/w$M7ls07YRSv8luHfEUxmpAM6FcWshZ6RZHzUjdbP9ztc",
        "$pbkdf2-sha512$1000$.//.M0RVZneImaq7zN3u/w$fpyKRDHR7FEZbRM7UDm9V6gl2CAdyciXYzm317uBjh3E.ec7KLtKWhb/vrbFUTxQTa1MZlE1D2gy4CKgsTIxVw",
        "$pbkdf2-sha256$i=1000,l=32$ABEiM0RVZneImaq7zN3u/w$e0W6slWI75MtCaHVataRHX18F1ne3xjLZjzWwwNL1ns",
        "$pbkdf2-sha512$i=1000$ABEiM0RVZneImaq7zN3u/w$hbnFBxGJs8U/DbSs9+dl5wZoFBnG4MohP2fs6RoC36dUVx9fDKt+i5uP+z91gVLfjNIQ1UXMYQr0ep6X23ieIw",
        "pbkdf2_sha256$1000$seasalt2$/AgPzJG5e6Yv25JIyxyWfNnB6QXmfp0Y+BEGfC3zoJE=",
        "pbkdf2_sha1$1000$seasalt2$ZXKgkKtGgMyeFjSN97n9NWVUzUU=",
        "$1$0011aabb$Pu/DmIisYFm1ZWkiPteJ6/",
        "$5$00112233aabbccdd$6Eml7sfiP6E8rQHwi8N/KUS7.b4Mpf7QXukuZqjRue7",
        "$6$00112233aabbccdd$g9RxET1IBlpkEcpic7zO2FNXH5tc2HqkyoFtiIYZmAwyaSdmoZZF2Y7u9i.N3b22vH9VWXXMy8FjOCL7.XArv/",
        "$5$rounds=1234$00112233aabbccdd$M7J3Bzlw2tEAcrykoil1R6wjFlQJm455s/D4QAqT2..",
        "$6$rounds=77777$short$vg5mLPIixiMkKo.F.eCubal7fckUOzVNhCYtcOjPKCLCsoNlhWEAyPPboPVVTQ/qzqek017iRcxus5B1Hj7Hs0",
        "{CRYPT}$1$0011aabb$Pu/DmIisYFm1ZWkiPteJ6/",
        "{crypt}$5$00112233aabbccdd$6Eml7sfiP6E8rQHwi8N/KUS7.b4Mpf7QXukuZqjRue7",
        "{CRYPT}$6$rounds=77777$short$vg5mLPIixiMkKo.F.eCubal7fckUOzVNhCYtcOjPKCLCsoNlhWEAyPPboPVVTQ/qzqek017iRcxus5B1Hj7Hs0",
        "{SHA}mN7MYuzjmaIu0w1JDvMzvn/ec4U=",
        "{SSHA}LVxZaI4veFbA31GrfDOilp05GZsAESIzRFVmdw==",
        "{ssha}s31zG3IBMadn/pt9tNKhX+woW6I28oM4",
        "{SHA256}kCjqDRXeyqNbLaIcApCvOxpboKMKWRkG+JtQdOIJ6nI=",
        "{SSHA256}c+1azpvwg2UEoN9qwwar0WFA8W0kzmq7KYsetBxpfh8AESIzRFVmdw==",
        "{SHA384}k53wsC79ptIyqGppP00J4fKOlJKHV7UGCIIhoE5jZ7O7oYDJ/FAOTfE90RmiYtL8",
        "{SSHA384}lneW3RKEEPGJBTSkuWPA4PXyxdG344UgDwIDJaqm5nzzdAVpvAgg0czjsWbJPhFrABEiM0RVZnc=",
        "{SHA512}zvYeTk7ae6ii/qoSBhf896UTrZIEQjsl4kO30/VW+ShT6VsVatr/3Zon0OUHNq1qa7zFDOipvTUWL315nomlIQ==",
        "{SSHA512}fp0qlLHo7kNdfq8i1PG/9CukOyFh21O/CFD1TFeuU8L0mHdnd1IoIZZ+aFOEdpIwQxWkiN7f9VkXXeYEmE2G3nuDPO/i9drX"})
    void isRightForItsPasswordAndForNoOther(String text) {
        var hash = PasswordHash.parse(text);
        var password = bytes(PASSWORD);
        assertThat(hash.verify(password)).isTrue();
        assertThat(password).isEqualTo(bytes(PASSWORD));
        assertThat(hash.verify(bytes("correct horse batterz"))).isFalse();
        assertThat(hash.verify(bytes(PASSWORD + " "))).isFalse();
        assertThat(hash.verify(new byte[0])).isFalse();
        assertThat(hash.verify(new byte[] {(byte) 0xff, (byte) 0xfe, 1, 2, 3, 4, 5, 6, 7})).isFalse();
        assertThat(hash.toString()).hasSizeLessThan(80).doesNotContain(text.substring(text.length() - 20));
    }

    @ParameterizedTest
    @CsvSource({
        "$6$rounds=1000$short$r3sC2iwzGJzlZwhoqYjgMRIEj95yGzYb6V383e/W4BP75.oxRQJTqa7AoH7Dbo2dA18xgZ/dqqbZPt00cyBEq., über-größe ζ",
        "'$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA', password",
        "'$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ', password"})
    void agreesWithOtherImplementationsAboutOtherPasswords(String text, String password) {
        assertThat(PasswordHash.parse(text).verify(bytes(password))).isTrue();
        assertThat(PasswordHash.parse(text).verify(bytes(password + "x"))).isFalse();
    }

    @Test
    void bcryptLooksAtTheFirst72Bytes() {
        var hash = PasswordHash.parse("$2b$04$Cp9qb/XL1yyJ2rPXyLa9AOlKhatodHYxHGTGqVYMtrpcDfq8wDPuq");
        assertThat(hash.verify(bytes("x".repeat(80)))).isTrue();
        assertThat(hash.verify(bytes("x".repeat(72)))).isTrue();
        assertThat(hash.verify(bytes("x".repeat(72) + "y"))).isTrue();
        assertThat(hash.verify(bytes("x".repeat(71)))).isFalse();
        assertThat(hash.verify(bytes("x".repeat(71) + "y"))).isFalse();
    }

    @Test
    void cryptDoesNotHashEndlessPasswords() {
        var hash = PasswordHash.parse("$1$0011aabb$/6XMwkQcA4PA3ki9e9zPi1");
        assertThat(hash.verify(bytes("x".repeat(512)))).isTrue();
        var longer = PasswordHash.parse("$1$0011aabb$dA/7WqdkG/MOidIALNeax0");
        assertThat(longer.verify(bytes("x".repeat(513)))).isFalse();
    }

    @Test
    void betterAuthMeansThePasswordInItsCompatibleForm() {
        var hash = PasswordHash.parse("00112233445566778899aabbccddeeff:08b77cccf9f9d4e04c2d1ce723a4dbafc1273e8095e4fe0164bd2206ddf17436"
                + "965b44cdfe8861ccc29768aee06d988ca142c359ae48c6747603b6353e8c0fe9");
        assertThat(hash.verify(bytes("\ufb01ne horse \uff11\uff12\uff13"))).isTrue();
        assertThat(hash.verify(bytes("fine horse 123"))).isTrue();
        assertThat(hash.verify(bytes("fine horse 124"))).isFalse();
    }

    @Test
    void skypanelLetsNobodyInWithLessThan8Characters() {
        var ofSevenCharacters = "eaca09a9b365998cb97eef82bac43f13c5509a3d838f341ad9cfd25e4af87bf2f6388456a34275c491e4e81c8535a76084c9fbdb430ac508"
                + "6357297b3b261420.00112233445566778899aabbccddeeff";
        assertThat(PasswordHash.parse(ofSevenCharacters).verify(bytes("seven77"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "$y$j9T$abcdefghijklmnopqrst$8PJ4GcdAcI1OdqaKcxqWIkOgiVk8wubV24qxM4jRpW1 | yescrypt",
        "{CRYPT}$y$j9T$abcdefghijklmnopqrst$8PJ4GcdAcI1OdqaKcxqWIkOgiVk8wubV24qxM4jRpW1 | yescrypt",
        "$7$CU..../....abcdefghij$GzTqWxTF0u6fjw43rLfGGkQ5Ouxbz0v8/EXOH8rRfU8 | $7$",
        "$2x$04$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC | $2x$",
        "$2$04$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC | $2$",
        "$sha1$19703$iVdJqfSE$v4qYKl1zqYThwpjJAoKX6UvlHq/a | $sha1$",
        "$apr1$TqI9WECO$LHZB2DqRlk9nObiB6vJG9. | $apr1$",
        "$3$$8846f7eaee8fb117ad06bdd830b7586c | NT hash",
        "abhfCpXqd4GrI | DES",
        "{CRYPT}abhfCpXqd4GrI | DES",
        "{MD5}X03MO1qnZdYdgyfeuILPmQ== | MD5",
        "{SMD5}OqsUXNHIhHbznxrqHoIM+ZT8DmE= | MD5",
        "{CLEARTEXT}hunter2hunter2 | clear text",
        "{SASL}alice@EXAMPLE.ORG | {SASL}",
        "{PBKDF2_SHA256}AAAgAA== | 389",
        "bcrypt_sha256$$2b$12$gVeQx.x.v0v8hEJamAF2u.NQOoSifm7MMe8rStnf0KQX.mTC42KB. | Django",
        "!$6$short$r3sC2iwzGJzlZwhoqYjgMRIE | locked",
        "!! | locked",
        "* | locked",
        "hunter2hunter2 | no password hash of a known form",
        "{hunter2}hunter2hunter2 | no password hash of a known form",
        "$hunter2$hunter2 | no password hash of a known form",
        "{CRYPT}{SSHA}LVxZaI4veFbA31GrfDOilp05GZsAESIzRFVmdw== | no password hash of a known form",
        "{ARGON2}{SHA}mN7MYuzjmaIu0w1JDvMzvn/ec4U= | no password hash of a known form",
        "'' | no password hash of a known form"})
    void namesTheFormThatIsNotTaken(String text, String name) {
        var problem = refusal(text);
        assertThat(problem).hasMessageContaining(name).hasMessageContaining("Taken are argon2");
        assertSilent(problem, text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "$argon2id$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w | argon2",
        "$argon2id$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$ | argon2",
        "$argon2id$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFp | argon2",
        "$argon2id$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUK | argon2",
        "$argon2id$v=19$m=64,t=3,p=2$ABEiM0RV$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo | argon2",
        "$argon2id$v=18$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo | argon2",
        "$argon2id$v=19$m=8,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo | argon2",
        "$argon2x$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo | argon2",
        "$2b$04$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mg | bcrypt",
        "$2b$04$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgCC | bcrypt",
        "$2b$03$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC | bcrypt",
        "$2b$4$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgCC | bcrypt",
        "$2b$04$Tfso2TWSYxpmMxyaHeAx9vRN4eKvFVC5117pMVK4fszvtHY9g2mgC | bcrypt",
        "$2b$04$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgD | bcrypt",
        "$scrypt$ln=10,r=8,p=2$ABEiM0RVZneImaq7zN3u/w | scrypt",
        "$scrypt$ln=10,r=8,p=2$ABEiM0RVZneImaq7zN3u/w$5JIW | scrypt",
        "$scrypt$ln=16,r=1,p=1$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk | scrypt",
        "{PBKDF2-SHA256}1000$.//.M0RVZneImaq7zN3u/w | PBKDF2",
        "{PBKDF2-SHA256}01000$.//.M0RVZneImaq7zN3u/w$M7ls07YRSv8luHfEUxmpAM6FcWshZ6RZHzUjdbP9ztc | PBKDF2",
        "{PBKDF2-SHA256}1000$.//.M0RVZneImaq7zN3u/w$M7ls | PBKDF2",
        "{PBKDF2-SHA256}1000$.//.M0RVZneImaq7zN3u/w$M7ls07YRSv8luHfEUxmpAM6FcWshZ6RZHzUjdbP9zt+ | PBKDF2",
        "$pbkdf2-sha256$i=1000,l=20$ABEiM0RVZneImaq7zN3u/w$e0W6slWI75MtCaHVataRHX18F1ne3xjLZjzWwwNL1ns | PBKDF2",
        "pbkdf2_sha256$1000$seasalt2$/AgPzJG5e6Yv25JIyxyWfNnB6QXmfp0Y+BEGfC3zoJE | PBKDF2",
        "pbkdf2_sha256$1000$$/AgPzJG5e6Yv25JIyxyWfNnB6QXmfp0Y+BEGfC3zoJE= | PBKDF2",
        "$1$0011aabbc$Pu/DmIisYFm1ZWkiPteJ6/ | crypt",
        "$1$0011aabb$Pu/DmIisYFm1ZWkiPteJ6 | crypt",
        "$1$rounds=2000$0011aabb$Pu/DmIisYFm1ZWkiPteJ6/ | crypt",
        "$5$00112233aabbccdde$6Eml7sfiP6E8rQHwi8N/KUS7.b4Mpf7QXukuZqjRue7 | crypt",
        "$5$rounds=999$00112233aabbccdd$M7J3Bzlw2tEAcrykoil1R6wjFlQJm455s/D4QAqT2.. | crypt",
        "$6$00112233aabbccdd$g9RxET1IBlpkEcpic7zO2FNXH5tc2HqkyoFtiIYZmAwyaSdmoZZF2Y7u9i.N3b22vH9VWXXMy8FjOCL7.XArv | crypt",
        "{CRYPT}$6$00112233aabbccdd$ | crypt",
        "{SSHA}mN7MYuzjmaIu0w1JDvMzvn/ec4U= | {SSHA}",
        "{SHA}LVxZaI4veFbA31GrfDOilp05GZsAESIzRFVmdw== | {SHA}",
        "{SSHA}LVxZaI4veFbA31GrfDOilp05GZsAESIzRFVmdw= | {SSHA}",
        "{SSHA512}LVxZaI4veFbA31GrfDOilp05GZsAESIzRFVmdw== | {SSHA512}",
        "{SSHA}not base64 | {SSHA}"})
    void tellsWhichFormIsDamaged(String text, String name) {
        var problem = refusal(text);
        assertThat(problem).hasMessageStartingWith("The " + name + " hash is damaged: ");
        assertSilent(problem, text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "$argon2id$v=19$m=262145,t=1,p=1$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo | argon2",
        "$argon2i$v=16$m=64,t=17,p=1$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo | argon2",
        "$argon2d$v=19$m=999999999,t=999999999,p=1$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo | argon2",
        "$argon2id$v=19$m=256,t=1,p=17$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo | argon2",
        "$2b$16$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC | bcrypt",
        "$2y$31$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC | bcrypt",
        "$scrypt$ln=18,r=8,p=1$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk | scrypt",
        "$scrypt$ln=63,r=8,p=1$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk | scrypt",
        "$scrypt$ln=1,r=65,p=1$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk | scrypt",
        "$scrypt$ln=1,r=8,p=9999999$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk | scrypt",
        "$scrypt$ln=17,r=8,p=5$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk | scrypt",
        "{PBKDF2-SHA256}3000001$.//.M0RVZneImaq7zN3u/w$M7ls07YRSv8luHfEUxmpAM6FcWshZ6RZHzUjdbP9ztc | PBKDF2",
        "{PBKDF2}1500001$.//.M0RVZneImaq7zN3u/w$M7ls07YRSv8luHfEUxmpAM6FcWshZ6RZHzUjdbP9ztc | PBKDF2",
        "pbkdf2_sha256$999999999$seasalt2$/AgPzJG5e6Yv25JIyxyWfNnB6QXmfp0Y+BEGfC3zoJE= | PBKDF2",
        "$5$rounds=1000001$00112233aabbccdd$M7J3Bzlw2tEAcrykoil1R6wjFlQJm455s/D4QAqT2.. | crypt",
        "$6$rounds=999999999$short$vg5mLPIixiMkKo.F.eCubal7fckUOzVNhCYtcOjPKCLCsoNlhWEAyPPboPVVTQ/qzqek017iRcxus5B1Hj7Hs0 | crypt"})
    void refusesWhatCostsTooMuchToCheck(String text, String name) {
        var problem = refusal(text);
        assertThat(problem).hasMessageStartingWith("The " + name + " hash costs too much to check: the limit is ");
        assertSilent(problem, text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "$argon2id$v=19$m=262144,t=16,p=16$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo | 262144",
        "$2b$15$Tfso2TWSYxpmMxyaHeAx9uRN4eKvFVC5117pMVK4fszvtHY9g2mgC | 4",
        "$scrypt$ln=17,r=8,p=1$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk | 131072",
        "$scrypt$ln=14,r=64,p=4$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk | 131072",
        "pbkdf2_sha256$3000000$seasalt2$/AgPzJG5e6Yv25JIyxyWfNnB6QXmfp0Y+BEGfC3zoJE= | 0",
        "$6$rounds=1000000$short$vg5mLPIixiMkKo.F.eCubal7fckUOzVNhCYtcOjPKCLCsoNlhWEAyPPboPVVTQ/qzqek017iRcxus5B1Hj7Hs0 | 0"})
    void takesWhatIsJustWithinTheLimits(String text, int memoryKib) {
        assertThat(PasswordHash.parse(text).memoryKib()).isEqualTo(memoryKib);
    }

    @Test
    void refusesWhatIsTooLongForAHash() {
        assertThatThrownBy(() -> PasswordHash.parse("{SSHA}" + "A".repeat(2_000_000))).isInstanceOf(Problem.class).hasMessageContaining("too long");
    }

    private static Problem refusal(String text) {
        return catchThrowableOfType(Problem.class, () -> PasswordHash.parse(text));
    }

    private static void assertSilent(Problem problem, String text) {
        assertThat(problem.field()).isEqualTo("passwordHash");
        assertThat(problem.value()).isNull();
        for (var part : text.split("[$}]")) {
            if (part.length() > 8 && !part.matches("(?i)[{]?(cleartext|argon2id?|pbkdf2[-_]sha256|bcrypt_sha256)")) {
                assertThat(problem.getMessage()).doesNotContain(part);
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
