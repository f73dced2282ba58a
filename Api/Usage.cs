namespace NovaOrleans.Api;

/// <summary>What <c>--help</c> of the facade prints.</summary>
public static class Usage
{
    /// <summary>By the word alone only where it comes first: behind an option it is a value.</summary>
    public static bool IsAskedFor(string[] arguments) =>
        arguments is ["help", ..] || arguments.Any(a => a is "--help" or "-h" or "-?");

    public const string Text =
        """
        NovaOrleans.Api [options]    HTTP in front of a cluster of NovaOrleans.Silo

          --database TEXT          the cluster's PostgreSQL; one with a password belongs into NOVA_DATABASE
          --urls URL;URL           where it listens; beyond loopback by https, with --tls_certificate F and --tls_key F
          --admin_token_file F     the same for all of a cluster
          --cluster_id NAME --service_id NAME                      nova, nova
          --cluster_certificate F --cluster_key F --cluster_ca F   by what members and clients know each other
          --network_service_conf FILE   which network services there are; --default_network_service PATH
          --keystone_url URL --keystone_credentials F              tokens of Keystone; docs/api.md has the others
          --health_urls URL --otlp_endpoint URL --log_format text|json --log_level LEVEL

        An option's variable is NOVA_ and its name in capitals: NOVA_DATABASE.
        """;
}
