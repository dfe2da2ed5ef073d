-- Passwords that must be changed first, and where binds need a second factor.

alter table users add column password_change_required boolean not null default false;

-- Of a group: for its members, wherever they bind.
alter table groups add column ldap_second_factor text not null default 'if-present'
    constraint group_ldap_second_factor_form check (ldap_second_factor in ('if-present', 'required', 'not-needed'));

-- Of a service account: for people on the connections that it is bound on before them; null leaves it to their groups.
alter table service_accounts add column ldap_second_factor text
    constraint service_account_ldap_second_factor_form check (ldap_second_factor in ('if-present', 'required', 'not-needed'));
