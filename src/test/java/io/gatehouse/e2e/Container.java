package io.gatehouse.e2e;

/** A running client container. */
record Container(Lab lab, String name) implements AutoCloseable {

    /** As root. */
    Outcome run(String... command) {
        return runWithInput("", command);
    }

    Outcome runWithInput(String input, String... command) {
        return Outcome.of(lab.containerCommand("exec", name, command), input);
    }

    String log() {
        return run("bash", "-O", "extglob", "-c",
                "tail -n 60 /var/log/sssd/sssd_!(nss|ssh|sudo).log /var/log/nslcd.log /var/log/sshd.log 2>/dev/null; true").toString();
    }

    @Override
    public void close() {
        lab.stop(this);
    }
}
