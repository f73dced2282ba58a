namespace NovaOrleans.Api;

/// <summary>What <c>--help</c> of the facade prints.</summary>
public static class Usage
{
    /// <summary>What every process takes that answers HTTP.</summary>
    public const string OfTheApi =
        """
          --tls_certificate F --tls_key F   for https, without which it listens on the loopback address only
          --behind_tls_proxy true|false     a proxy before it ends TLS
          --images FILE                     the images and flavors of instances; docs/api.md
          --requests_per_second N --request_burst N       of one token: 5000 in the long run, 10000 at once
          --requests_in_flight N --requests_waiting N     of all callers: 2048 worked on, 2048 more that wait

          --keystone_url URL --keystone_credentials F     tokens of Keystone, and as whom it is asked about them, or by
          --keystone_username NAME --keystone_user_domain NAME --keystone_project NAME --keystone_project_domain NAME
          --keystone_ca F --keystone_cache_seconds N      whom to trust that it is Keystone; how long its word is taken, 300
          --keystone_admin_roles A,B --keystone_member_roles A,B --keystone_reader_roles A,B   its roles, by what they are here
        """;

    public const string Text =
        $"""
        NovaOrleans.Api [options]    HTTP in front of a cluster of NovaOrleans.Silo

          --database TEXT                   the cluster's PostgreSQL; one with a password belongs into NOVA_DATABASE
          --urls URL;URL                    where it listens
          --admin_token_file F              the same for all of a cluster
          --default_project ID              of requests that name none with X-Project-Id; otherwise they must
          --cluster_id NAME --service_id NAME                      nova, nova
          --cluster_certificate F --cluster_key F --cluster_ca F   by what members and clients know each other
          --network_service_conf FILE --network_service_path DIR   which network services there are, and where
          --default_network_service PATH    the one of projects that chose none

        {OfTheApi}

          --health_urls URL --otlp_endpoint URL --log_format text|json --log_level LEVEL

        An option's variable is NOVA_ and its name in capitals: NOVA_DATABASE.
        """;
}
