-- Owner: the host grain, with the row. Where other hosts reach this one, as its agent last said: what overlays send to.
alter table hosts add column address text;
