namespace NovaOrleans.Silo;

/// <summary>What <c>--help</c> prints. Each option is also a variable of the environment: NOVA_ and its name in capitals.</summary>
internal static class Usage
{
    public const string Text =
        """
        NovaOrleans.Silo [run] [options]    serves: embedded over SQLite, or as a member of a cluster with --database
        NovaOrleans.Silo db sync            brings the ledger's schema up to date; as often as one likes, also while silos run
        NovaOrleans.Silo backup FILE        writes all that there is
        NovaOrleans.Silo restore FILE       reads it back; --wipe NAME where something is there: the database's name, or the file's

          --data DIR               ledger, admin token, agent's state; /var/lib/nova for root
          --urls URL;URL           where the API listens; http://127.0.0.1:8774
          --database TEXT          PostgreSQL, as Npgsql writes it; one with a password belongs into NOVA_DATABASE
          --role all|silo          with the API here, or without; the API alone is NovaOrleans.Api
          --agent auto|fake|none   this machine's agent, one on a host in memory, or none; none in a cluster
          --host NAME              the name of this machine as a compute host
          --netns NAME             the network namespace in which the agent works
          --compute KIND           what the agent's guests are: namespaces, libvirt or none
          --network_service_conf FILE   which network services there are; --default_network_service PATH

          --address A --silo_port N --gateway_port N          on the control network; loopback, 11111, 30000
          --cluster_id NAME --service_id NAME                 nova, nova
          --cluster_certificate F --cluster_key F --cluster_ca F   by what members and clients know each other
          --tls_certificate F --tls_key F                     of the API, which listens beyond loopback by https only
          --admin_token_file F                                the same for all of a cluster; made in the data folder
          --keystone_url URL --keystone_credentials F         tokens of Keystone; docs/api.md has the others

          --quota_fixed_ips N, --quota_floating_ips N, --quota_networks N, --quota_security_groups N,
          --quota_security_group_rules N                      of a project without limits of its own; -1 is without limit
          --allow-orphans          start also while VNICs live whose network service is not installed
          --audit_seconds N        how often the figures have an audit; 300
          --health_urls URL --otlp_endpoint URL --log_format text|json --log_level LEVEL --dashboard

        An option's variable is NOVA_ and its name in capitals: NOVA_DATABASE. docs/operations.md says how a cluster is run.
        """;
}
