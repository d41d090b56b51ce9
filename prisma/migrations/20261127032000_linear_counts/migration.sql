-- The same counts as before, without a join of what the trials were with what they are. PostgreSQL keeps the plan of a function
-- for a session, and one that was made for the change of a single trial compared each of 10,000 with all others: to cancel
-- such a search took longer than any statement may.
CREATE OR REPLACE FUNCTION "count_changed_trials"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    -- Steps are shown as progress, so they make a revision too; renewing a lease alone makes none.
    changed UUID[] := ARRAY(
        SELECT DISTINCT search_id FROM (
            SELECT id, search_id, state, step FROM new_trials WHERE purpose IN ('ranking', 'test')
            EXCEPT SELECT id, search_id, state, step FROM old_trials WHERE purpose IN ('ranking', 'test')
        ) AS one
    );
BEGIN
    IF changed = '{}' THEN RETURN NULL; END IF;
    PERFORM begin_revision(changed);
    IF NOT EXISTS (
        SELECT id, state FROM new_trials WHERE purpose IN ('ranking', 'test')
        EXCEPT SELECT id, state FROM old_trials WHERE purpose IN ('ranking', 'test')
    ) THEN RETURN NULL; END IF;

    INSERT INTO trial_tally AS tally (search_id, purpose, state, trials, seconds)
        SELECT search_id, purpose, state, sum(sign), sum(sign * coalesce(extract(epoch FROM ended_at - started_at), 0))
        FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS change
        WHERE purpose IN ('ranking', 'test') AND state <> 'paused'
        GROUP BY search_id, purpose, state HAVING sum(sign) <> 0
        ON CONFLICT (search_id, purpose, state) DO UPDATE
        SET trials = tally.trials + excluded.trials, seconds = tally.seconds + excluded.seconds;

    UPDATE search SET paused = search.paused + change.trials, paused_seconds = search.paused_seconds + change.seconds
    FROM (
        SELECT search_id, sum(sign) AS trials, sum(sign * extract(epoch FROM ended_at - started_at)) AS seconds
        FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS one
        WHERE state = 'paused' GROUP BY search_id HAVING sum(sign) <> 0
    ) AS change
    WHERE search.id = change.search_id;

    UPDATE candidate SET
        queued = candidate.queued + change.queued, running = candidate.running + change.running,
        completed = candidate.completed + change.completed, failed = candidate.failed + change.failed,
        cancelled = candidate.cancelled + change.cancelled, paused = candidate.paused + change.paused,
        failed_in_training = candidate.failed_in_training + change.failed_in_training,
        accuracies = (candidate.accuracies - change.withdrawn) || change.scored,
        losses = (candidate.losses - change.withdrawn) || change.lost
    FROM (
        SELECT candidate_id,
               coalesce(sum(sign) FILTER (WHERE state = 'queued'), 0) AS queued,
               coalesce(sum(sign) FILTER (WHERE state = 'running'), 0) AS running,
               coalesce(sum(sign) FILTER (WHERE state = 'completed'), 0) AS completed,
               coalesce(sum(sign) FILTER (WHERE state = 'failed'), 0) AS failed,
               coalesce(sum(sign) FILTER (WHERE state = 'cancelled'), 0) AS cancelled,
               coalesce(sum(sign) FILTER (WHERE state = 'paused'), 0) AS paused,
               coalesce(sum(sign) FILTER (WHERE failed_by = 'training'), 0) AS failed_in_training,
               coalesce(array_agg(seed::text) FILTER (WHERE state = 'completed' AND sign = -1), '{}') AS withdrawn,
               coalesce(jsonb_object_agg(seed, result -> 'validationAccuracy')
                        FILTER (WHERE state = 'completed' AND sign = 1), '{}') AS scored,
               coalesce(jsonb_object_agg(seed, result -> 'validationLoss')
                        FILTER (WHERE state = 'completed' AND sign = 1
                                  AND jsonb_typeof(result -> 'validationLoss') = 'number'), '{}') AS lost
        FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS one
        WHERE purpose = 'ranking'
        GROUP BY candidate_id
    ) AS change
    WHERE candidate.id = change.candidate_id;

    INSERT INTO search_engine AS counted (search_id, fingerprint, engine, trials)
        SELECT search_id, engine ->> 'fingerprint', (array_agg(engine))[1], count(*)
        FROM (
            SELECT search_id, (array_agg(engine))[1] AS engine
            FROM (SELECT -1 AS sign, * FROM old_trials UNION ALL SELECT 1, * FROM new_trials) AS one
            WHERE purpose IN ('ranking', 'test') AND state = 'completed'
            GROUP BY id, search_id HAVING sum(sign) = 1
        ) AS completed
        WHERE engine IS NOT NULL
        GROUP BY search_id, engine ->> 'fingerprint'
        ON CONFLICT (search_id, fingerprint) DO UPDATE SET trials = counted.trials + excluded.trials;
    RETURN NULL;
END $$;
