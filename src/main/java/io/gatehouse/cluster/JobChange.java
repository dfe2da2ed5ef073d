package io.gatehouse.cluster;

import io.gatehouse.platform.http.RequestDocument;

/** What can be changed about a job. */
@RequestDocument
record JobChange(String status) {
}
