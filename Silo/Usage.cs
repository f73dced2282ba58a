namespace NovaOrleans.Silo;

/// <summary>What <c>--help</c> prints. Each option is also a variable of the environment: NOVA_ and its name in capitals.</summary>
internal static class Usage
{
    public const string Text =
        $"""
        NovaOrleans.Silo [run] [options]    serves: embedded over SQLite, or as a member of a cluster with --database
        NovaOrleans.Silo db sync            brings the ledger's schema up to date; as often as one likes, also while silos run
        NovaOrleans.Silo backup FILE        writes all that there is
        NovaOrleans.Silo restore FILE       reads it back; --wipe NAME where something is there: the database's name, or the file's

          --data DIR                        ledger, admin token, agent's state; /var/lib/nova for root
          --database TEXT                   PostgreSQL, as Npgsql writes it; one with a password belongs into NOVA_DATABASE
          --role all|silo                   with the API here, or without; the API alone is NovaOrleans.Api
          --urls URL;URL                    where the API listens; http://127.0.0.1:8774
          --admin_token_file F              the same for all of a cluster; made in the data folder
          --network_service_conf FILE --network_service_path DIR   which network services there are, and where
          --default_network_service PATH    the one of projects that chose none
          --allow-orphans                   start also while VNICs live whose network service is not installed
          --quota_fixed_ips N --quota_floating_ips N --quota_networks N --quota_security_groups N
          --quota_security_group_rules N    of a project without limits of its own; -1 is without limit

        A cluster's member:
          --address A --silo_port N --gateway_port N               on the control network; loopback, 11111, 30000
          --cluster_id NAME --service_id NAME                      nova, nova
          --cluster_certificate F --cluster_key F --cluster_ca F   by what members and clients know each other

        The API:
        {Api.Usage.OfTheApi}

        This machine's agent, which is started with the server:
          --agent auto|fake|none            the real one, one on a host in memory, or none; none in a cluster
          --agent_program F --agent_certificate F --agent_key F    where it is, and by what a cluster knows it
          --host NAME --my_ip A             the name of this machine as a compute host, and its address for the others
          --netns NAME                      the network namespace in which it works
          --compute namespaces|libvirt|none --libvirt_uri URI --libvirt_type kvm|qemu --image_folder DIR   what its guests are
          --switch linux|ovs --ovs_db TEXT --ovs_datapath system|netdev   what carries VLANs
          --public_interface LINK --routing_source_ip A            where floating IPs are, and as what other guests leave
          --metadata on|off                 whether guests can read about themselves; on

        Operations:
          --health_urls URL --otlp_endpoint URL --log_format text|json --log_level LEVEL
          --audit_seconds N                 how often the figures have an audit; 300
          --dashboard                       Orleans' own, on the port of --health_urls

        An option's variable is NOVA_ and its name in capitals: NOVA_DATABASE. docs/operations.md says how a cluster is run.
        """;
}
