package io.gatehouse.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request of each operation that succeeds when the right caller makes it, once. */
final class Samples {

    private final World world;

    Samples(World world) {
        this.world = world;
    }

    /**
     * @param operation its id
     * @param owner     a user, whose things the request is about where things have owners
     */
    Sample of(String operation, String owner) {
        return switch (operation) {
            case "login" -> Sample.empty().sending("""
                    {"username": "%s", "password": "%s"}""".formatted(owner, World.PASSWORD));
            case "refreshToken" -> Sample.empty().sending("""
                    {"grant_type": "refresh_token", "refresh_token": "%s"}""".formatted(world.login(owner).textAt("refresh_token")));
            case "register" -> Sample.empty().sending("""
                    {"username": "%s", "givenName": "Ada", "sn": "Lovelace", "mail": null, "password": "%s", "sshPublicKeys": ["%s"], "invitation": "%s"}"""
                    .formatted(World.name("r"), World.PASSWORD, World.publicKey(), world.invitationToken()));

            case "requestPasswordReset" -> Sample.empty().sending("""
                    {"usernameOrMail": "%s"}""".formatted(owner));
            case "getPasswordReset" -> Sample.empty().at("token", world.passwordResetToken(owner));
            case "resetPassword" -> Sample.empty().at("token", world.passwordResetToken(owner)).sending("""
                    {"password": "nanoseconds of wire"}""");
            case "createPasswordReset" -> user(owner);
            case "getOpenInvitation" -> Sample.empty().at("token", world.invitationToken());
            case "listInvitations" -> list("-createdAt").asking("q", "example.org");
            case "invite" -> Sample.empty().sending("""
                    {"mails": ["%s@example.org", "no address"], "groups": ["sysadmins"]}""".formatted(World.name("i")));
            case "getInvitation", "resendInvitation", "revokeInvitation" -> Sample.empty().at("id", world.invitation());
            case "listMails" -> list("-createdAt").asking("state", "sent");

            case "listUsers" -> list("-username").asking("status", "active");
            case "createUser" -> Sample.empty().sending("""
                    {"username": "%s", "givenName": "Grace", "sn": "Hopper", "mail": "%s@example.org", "password": "%s",
                     "sshPublicKeys": ["%s"], "groups": ["sysadmins"]}"""
                    .formatted(World.name("u"), World.name("m"), World.PASSWORD, World.publicKey()));
            case "modifyUser" -> user(owner).sending("""
                    {"givenName": "Grace", "sn": "Hopper", "cn": null, "mail": "%s@example.org", "gecos": null,
                     "homeDirectory": null, "loginShell": "/bin/sh", "sshPublicKeys": [], "passwordChangeRequired": true}""".formatted(World.name("m")));
            case "importDirectory" -> Sample.empty().sending("""
                    {"dryRun": false,
                     "users": [{"username": "%1$s", "uidNumber": null, "gidNumber": 2000, "givenName": "Ida", "sn": "Rhodes", "cn": null,
                                "mail": "%1$s@example.org", "gecos": null, "homeDirectory": null, "loginShell": "/bin/sh",
                                "passwordHash": "{SSHA}s31zG3IBMadn/pt9tNKhX+woW6I28oM4", "sshPublicKeys": ["%2$s"], "status": "active"}],
                     "groups": []}"""
                    .formatted(World.name("i"), World.publicKey()));
            case "changePassword" -> user(owner).sending("""
                    {"password": "nanoseconds of wire", "currentPassword": "%s"}""".formatted(World.PASSWORD));
            case "suspendUser" -> user(owner).sending("""
                    {"reason": "left the company", "until": "2999-12-31T23:59:59Z"}""");
            case "getUser", "deleteUser", "activateUser", "listSshKeys" -> user(owner);
            case "addSshKey" -> user(owner).sending("""
                    {"publicKey": "%s"}""".formatted(World.publicKey()));
            case "removeSshKey" -> user(owner).at("fingerprint", world.sshKey(owner));

            case "listGroups" -> list("cn").asking("q", "g");
            case "createGroup" -> Sample.empty().sending("""
                    {"cn": "%s", "description": "those who write", "isAdministrator": false, "ldapSecondFactor": "required"}""".formatted(World.name("g")));
            case "modifyGroup" -> group().sending("""
                    {"description": null, "isAdministrator": true, "ldapSecondFactor": null}""");
            case "getGroup", "deleteGroup", "listGroupMembers" -> group();
            case "addGroupMember" -> group().at("username", owner);
            case "addGroupToGroup" -> group().at("member", world.group());
            case "removeGroupFromGroup" -> {
                var outer = world.group();
                yield Sample.empty().at("cn", outer).at("member", world.groupIn(outer));
            }
            case "removeGroupMember" -> Sample.empty().at("cn", world.groupOf(owner)).at("username", owner);

            case "listServiceAccounts" -> list("-name");
            case "createServiceAccount" -> Sample.empty().sending("""
                    {"name": "%s", "description": "for the containers of the lab", "ldapSecondFactor": "not-needed"}""".formatted(World.name("s")));
            case "modifyServiceAccount" -> serviceAccount().sending("""
                    {"description": null, "ldapSecondFactor": "if-present"}""");
            case "getServiceAccount", "deleteServiceAccount", "rotateServiceAccountPassword" -> serviceAccount();
            case "getSssdConfiguration" -> Sample.empty().asking("serviceAccount", world.serviceAccount());

            case "loginWithSecondFactor" -> Sample.empty().sending("""
                    {"challenge": "%s", "code": "%s", "factor": "recovery_code"}""".formatted(world.challenge(owner), world.recoveryCode(owner)));
            case "modifyMe" -> Sample.empty().sending("""
                    {"givenName": "Grace", "sn": "Hopper", "cn": null, "gecos": null, "loginShell": "/bin/sh", "sshPublicKeys": ["%s"]}"""
                    .formatted(World.publicKey()));
            case "listOwnAuditEvents", "listAppPasswords" -> Sample.empty().asking("limit", "1");
            case "confirmTotp" -> Sample.empty().sending("""
                    {"code": "%s"}""".formatted(world.codeToConfirm(owner)));
            case "removeTotp" -> {
                world.enrol(owner);
                yield Sample.empty().sending("""
                        {"password": "%s", "code": "%s"}""".formatted(World.PASSWORD, world.recoveryCode(owner)));
            }
            case "renewRecoveryCodes" -> {
                world.enrol(owner);
                yield Sample.empty();
            }
            case "resetSecondFactor" -> {
                world.enrol(owner);
                yield user(owner);
            }
            case "createAppPassword" -> Sample.empty().sending("""
                    {"name": "calendar", "expiresAt": "2999-12-31T23:59:59Z", "allowedNetworks": ["127.0.0.0/8"]}""");
            case "deleteAppPassword" -> Sample.empty().at("id", world.appPassword(owner));
            case "listOwnSessions" -> Sample.empty().asking("limit", "1");
            case "revokeOwnSession" -> Sample.empty().at("id", world.session(owner));
            case "revokeOwnSessions" -> Sample.empty().asking("except", "current");
            case "listUserSessions", "revokeUserSessions" -> user(owner);
            case "revokeUserSession" -> user(owner).at("id", world.session(owner));
            case "listApiKeys" -> Sample.empty().asking("limit", "1");
            case "createApiKey" -> Sample.empty().sending("""
                    {"description": "nightly export", "scopes": ["users:read", "audit:read"], "expiresAt": "2999-12-31T23:59:59Z",
                     "allowedNetworks": ["127.0.0.0/8", "::1"], "rateLimit": 60, "serviceAccount": null}""");
            case "modifyApiKey" -> apiKey(owner).sending("""
                    {"description": "weekly export", "scopes": ["users:read"], "expiresAt": null, "allowedNetworks": null, "rateLimit": null}""");
            case "getApiKey", "deleteApiKey" -> apiKey(owner);

            case "listSites" -> list("-name").asking("q", "a");
            case "createSite" -> Sample.empty().sending("""
                    {"name": "%1$s", "internalDomain": "%1$s.internal", "dhcpRange": "%2$s.100,%2$s.200", "subnetMask": "255.255.255.0",
                     "gateway": "%2$s.1", "dnsForwarders": "9.9.9.9,1.1.1.1", "externalIp": "203.0.113.7"}"""
                    .formatted(World.name("site"), World.network()));
            case "modifySite" -> site().sending("""
                    {"name": "%s", "externalIp": null}""".formatted(World.name("site")));
            case "getSite", "deleteSite" -> site();

            case "listNodes" -> list("name");
            case "listSiteNodes" -> list("-name").at("siteId", world.site());
            case "createNode" -> Sample.empty().sending("""
                    {"siteId": %s, "name": "%s", "ipv4Address": null, "apiUrl": "https://pve.example.org:8006/api2/json",
                     "apiTokenIdOrUsername": "gatehouse@pve!api", "apiTokenSecretOrPassword": "a1b2c3d4", "disableTlsVerification": true,
                     "imageStorage": "local", "volumeStorage": "local-lvm"}""".formatted(world.site(), World.name("pve")));
            case "createSiteNode" -> Sample.empty().at("siteId", world.site()).sending("""
                    {"name": "%s"}""".formatted(World.name("pve")));
            case "modifyNode" -> node().sending("""
                    {"disableTlsVerification": false, "apiTokenSecretOrPassword": null}""");
            case "getNode", "deleteNode" -> node();

            case "listExternalDomains" -> list("domain");
            case "createExternalDomain" -> Sample.empty().sending("""
                    {"domain": "%s.example.org", "acmeEmail": "hostmaster@example.org",
                     "acmeDirectory": "https://acme-v02.api.letsencrypt.org/directory", "cloudflareApiEmail": "dns@example.org",
                     "cloudflareApiKey": "a1b2c3d4", "authServer": "https://sign-in.example.org", "siteId": null}""".formatted(World.name("d")));
            case "modifyExternalDomain" -> domain().sending("""
                    {"siteId": %s}""".formatted(world.site()));
            case "getExternalDomain", "deleteExternalDomain" -> domain();
            case "getDomainCertificate", "deleteDomainCertificate" -> Sample.empty().at("id", world.domainCertificate());
            case "putDomainCertificate" -> {
                var domain = world.externalDomain();
                yield Sample.empty().at("id", domain).sending(world.certificateFor(domain));
            }
            case "getSiteCertificate" -> {
                var site = world.site();
                yield Sample.empty().at("siteId", site).at("id", world.certificateAt(site));
            }
            case "listDnsRecords" -> list("name").asking("state", "failing");

            case "listAgentKeys" -> list("-name").at("siteId", world.site());
            case "createAgentKey" -> Sample.empty().at("siteId", world.site()).sending("""
                    {"name": "%s", "expiresAt": "2999-12-31T23:59:59Z", "allowedNetworks": ["127.0.0.0/8", "::1"]}""".formatted(World.name("a")));
            case "deleteAgentKey" -> {
                var site = world.site();
                yield Sample.empty().at("siteId", site).at("id", world.agentKeyId(site));
            }
            case "getSiteDnsmasqFile" -> Sample.empty().at("siteId", world.site()).at("part", "hosts");
            case "getSiteSnapshot", "getSiteBundle", "getSiteNginxConfiguration", "getSiteSssdConfiguration" -> Sample.empty().at("siteId", world.site());
            case "checkInAgent" -> Sample.empty().at("siteId", world.site()).sending("""
                    {"host": "%s", "agentVersion": "1", "nginxVersion": "1.26.3", "dnsmasqVersion": "2.91",
                     "applied": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "result": "failed",
                     "nginxError": "[emerg] host not found", "dnsmasqError": null,
                     "leftOut": [{"what": "nginx/stream/tcp-22.conf", "reason": "another program listens at port 22"}]}""".formatted(World.name("gw")));
            case "listAgents" -> list("host").asking("state", "failing");
            case "listSiteAgents" -> list("-seenAt").at("siteId", world.site()).asking("state", "current");
            case "forgetAgent" -> Sample.empty().at("id", world.agent());

            case "listContainers" -> list("-createdAt").asking("status", "pending");
            case "createContainer" -> Sample.empty().sending("""
                    {"hostname": "%s", "template": "debian-13", "siteId": %s, "aiContainer": "N"}"""
                    .formatted(World.name("web"), world.siteWithNode()));
            case "modifyContainer" -> container(owner).sending("""
                    {"template": null, "aiContainer": "Y"}""");
            case "getContainer", "deleteContainer", "createJoinToken" -> container(owner);
            case "listCollaborators" -> container(owner).asking("sort", "username");
            case "addCollaborator" -> container(owner).at("username", world.user());
            case "removeCollaborator" -> {
                var container = world.container(owner);
                yield Sample.empty().at("id", container).at("username", world.collaborator(container));
            }
            case "getMachineAccount", "rotateMachineAccountPassword", "deleteMachineAccount" -> {
                var container = world.container(owner);
                world.joined(container);
                yield Sample.empty().at("id", container);
            }
            case "getJoinScript" -> Sample.empty().asking("token", world.joinToken(world.container(owner)));
            case "joinDirectory" -> Sample.empty().sending("""
                    {"token": "%s"}""".formatted(world.joinToken(world.container(owner))));
            case "leaveDirectory" -> Sample.empty().sending("""
                    {"password": "%s"}""".formatted(world.joined(world.container(owner))));

            case "listServices" -> Sample.empty().at("containerId", world.container(owner)).asking("type", "dns");
            case "createService" -> Sample.empty().at("containerId", world.container(owner)).sending("""
                    {"type": "http", "containerPort": 8080, "externalHostname": "app", "externalDomainId": %s, "authRequired": true}""".formatted(world.externalDomain()));
            case "modifyService" -> service(owner).sending("""
                    {"containerPort": 636}""");
            case "getService", "deleteService" -> service(owner);

            case "listPolicies" -> list("-priority").asking("active", "true").asking("target", "group:" + world.group()).asking("destination", "cidr:10.0.0.0/8");
            case "createPolicy" -> Sample.empty().sending("""
                    {"name": "%s", "description": "who build it", "priority": 50, "effect": "allow", "active": true,
                     "validFrom": "2026-01-01T00:00:00Z", "validUntil": null,
                     "targets": [{"type": "group", "id": "%s"}, {"type": "user", "id": "%s"}],
                     "destinations": [{"type": "site", "id": "%s"}, {"type": "cidr", "id": "10.0.0.0/8"}], "login": true,
                     "sudo": {"commands": ["/usr/bin/systemctl restart nginx"], "runAs": ["root"], "authenticate": true}}"""
                    .formatted(World.name("p"), world.group(), owner, world.siteName()));
            case "modifyPolicy" -> policy().sending("""
                    {"active": false, "validUntil": "2999-12-31T23:59:59Z", "sudo": {"commands": ["ALL"]}}""");
            case "getPolicy", "deletePolicy" -> policy();
            case "checkAccess" -> Sample.empty().sending("""
                    {"user": "%s", "container": "%s", "at": null}""".formatted(owner, world.container(owner)));

            case "listJobs" -> list("-createdAt").asking("status", "pending");
            case "createJob" -> Sample.empty().sending("""
                    {"name": "Create web1", "associatedResource": "container:web1"}""");
            case "modifyJob" -> job(owner).sending("""
                    {"status": "running"}""");
            case "createJobStatus" -> job(owner).sending("""
                    {"message": "The template is there."}""");
            case "getJob", "cancelJob", "listJobStatuses" -> job(owner);
            case "followJob" -> Sample.empty().at("id", world.endedJob(owner));

            case "listSettings" -> Sample.empty().asking("keys", "tcp_port_range,udp_port_range");
            case "modifySettings" -> Sample.empty().sending("""
                    {"push_notification_api_key": "a1b2c3d4", "push_notification_client_id": null, "push_notification_enabled": null, "push_notification_url": "https://push.example.org", "udp_port_range": "2000-2999", "access_default": "open"}""");
            case "putSetting" -> Sample.empty().at("key", "tcp_port_range").sending("""
                    {"value": "3000-3999"}""");
            case "getSetting", "resetSetting" -> Sample.empty().at("key", "tcp_port_range");

            case "listAuditEvents" -> Sample.empty().asking("limit", "1");
            case "exportAuditEvents" -> Sample.empty().asking("action", "identity.*");

            case "getHealthOf" -> Sample.empty().at("selector", "readiness");
            case "getPagePart" -> Sample.empty().at("part", "account.js");
            case "getDocumentationAsset" -> Sample.empty().at("asset", "start.js");
            case "logout", "getMe", "getTotp", "beginTotp", "getPublicKeys", "getCertificateAuthority", "getHealth", "getMetrics", "getApiDocument", "getDocumentationPage",
                 "getRegistrationPage", "getPasswordResetPage", "getAgentInstallation" -> Sample.empty();
            default -> throw new AssertionError("There is no sample of " + operation + ".");
        };
    }

    /** The same, from a service account, which cannot own what it makes. */
    Sample ofService(String operation, String owner) {
        var sample = of(operation, owner);
        if (operation.equals("createContainer")) {
            ((ObjectNode) sample.body()).put("username", owner);
        }
        return sample;
    }

    private static Sample list(String sort) {
        return Sample.empty().asking("limit", "2").asking("sort", sort);
    }

    private static Sample user(String name) {
        return Sample.empty().at("username", name);
    }

    private Sample apiKey(String owner) {
        return Sample.empty().at("id", world.apiKey(owner));
    }

    private Sample group() {
        return Sample.empty().at("cn", world.group());
    }

    private Sample site() {
        return Sample.empty().at("id", world.site());
    }

    private Sample node() {
        return Sample.empty().at("id", world.node());
    }

    private Sample domain() {
        return Sample.empty().at("id", world.externalDomain());
    }

    private Sample container(String owner) {
        return Sample.empty().at("id", world.container(owner));
    }

    private Sample policy() {
        return Sample.empty().at("id", world.policy());
    }

    private Sample service(String owner) {
        var container = world.container(owner);
        return Sample.empty().at("containerId", container).at("serviceId", world.service(container));
    }

    private Sample job(String owner) {
        return Sample.empty().at("id", world.job(owner));
    }

    private Sample serviceAccount() {
        return Sample.empty().at("name", world.serviceAccount());
    }
}
