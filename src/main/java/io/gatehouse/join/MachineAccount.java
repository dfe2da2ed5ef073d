package io.gatehouse.join;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.gatehouse.platform.http.Revised;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * The account by which one container reads the directory.
 *
 * @param dn                what it binds as
 * @param joinedAt          when the container redeemed a join token last
 * @param passwordChangedAt then, or when the account was rotated since
 */
@Serdeable
record MachineAccount(String dn, Instant joinedAt, Instant passwordChangedAt, @JsonIgnore long revision) implements Revised {
}
