-- A binding is written once and updated twice, when its host reports it and when its instance has heard of it. Without room for that on
-- the row's own page six of ten updates wrote to another one, and to each index.
alter table host_bindings set (fillfactor = 50);
