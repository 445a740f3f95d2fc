-- runs beside earlier versions
-- Owned by SegmentRequests: what operators have asked of all nodes. A projection and the node that is to run it alone; neither, if all are to be shared out.
CREATE TABLE segment_request (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    asked_at   timestamptz NOT NULL,
    projection text,
    node       text
);
