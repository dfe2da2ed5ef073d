package io.gatehouse.platform.tls;

import java.time.Instant;

/** Where a CA comes from when there is none yet. */
interface Founding {

    CertificateAuthority authority(Instant now) throws UnusableMaterial;
}
