-- What a host was told of a VNIC is asked for by the VNIC alone: by the audit for each that lives, and by explain.
create index host_bindings_vnic on host_bindings (vnic_id);
