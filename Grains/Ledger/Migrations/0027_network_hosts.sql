-- Every host asks every half a minute, and at each bind, which networks it alone serves: of 2,000 networks it read them all.
create index networks_host on networks (host) where host is not null and not multi_host and not deleted;
