{{- define "posthorn.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- define "posthorn.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- else if contains .Chart.Name .Release.Name }}
{{- .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "posthorn.name" .) | trunc 40 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Labels of everything; with (dict "root" $ "component" "api"). */}}
{{- define "posthorn.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: posthorn
{{ include "posthorn.selector" . }}
{{- end }}

{{- define "posthorn.selector" -}}
app.kubernetes.io/name: {{ include "posthorn.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "posthorn.image" -}}
{{- with .Values.image }}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end }}
{{- end }}

{{- define "posthorn.secret" -}}
{{- required "secrets.existingSecret is required: the name of a Secret with database-url, master-key, admin-key and nats-url" .Values.secrets.existingSecret }}
{{- end }}

{{- define "posthorn.serviceAccount" -}}
{{- $names := dict "api" .root.Values.serviceAccount.apiName "deliverer" .root.Values.serviceAccount.delivererName }}
{{- $name := get $names .component }}
{{- if .root.Values.serviceAccount.create }}
{{- default (printf "%s-%s" (include "posthorn.fullname" .root) .component) $name }}
{{- else }}
{{- default "default" $name }}
{{- end }}
{{- end }}

{{/* Nothing of the image is written to, nothing is asked of the kernel. */}}
{{- define "posthorn.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "posthorn.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
capabilities: { drop: [ALL] }
{{- end }}

{{/* Secrets are files, so that no list of variables shows them; with (dict "root" $ "admin" true). */}}
{{- define "posthorn.secretEnv" -}}
{{- $keys := .root.Values.secrets.keys }}
- { name: POSTHORN_DATABASE_URL_FILE, value: {{ printf "/run/secrets/posthorn/%s" $keys.databaseUrl | quote }} }
- { name: POSTHORN_MASTER_KEY_FILE, value: {{ printf "/run/secrets/posthorn/%s" $keys.masterKey | quote }} }
{{- if and .admin $keys.adminKey }}
- { name: POSTHORN_ADMIN_KEY_FILE, value: {{ printf "/run/secrets/posthorn/%s" $keys.adminKey | quote }} }
{{- end }}
{{- if .root.Values.nats.url }}
- { name: POSTHORN_NATS_URL, value: {{ .root.Values.nats.url | quote }} }
{{- else if .root.Values.trial.nats.enabled }}
- { name: POSTHORN_NATS_URL, value: {{ printf "nats://%s-nats:4222" (include "posthorn.fullname" .root) | quote }} }
{{- else }}
- { name: POSTHORN_NATS_URL_FILE, value: {{ printf "/run/secrets/posthorn/%s" (required "nats.url or secrets.keys.natsUrl is required" $keys.natsUrl) | quote }} }
{{- end }}
{{- if $keys.natsCreds }}
- { name: POSTHORN_NATS_CREDS_FILE, value: {{ printf "/run/secrets/posthorn/%s" $keys.natsCreds | quote }} }
{{- end }}
{{- end }}

{{- define "posthorn.secretVolume" -}}
{{- $keys := .root.Values.secrets.keys }}
- name: secrets
  secret:
    secretName: {{ include "posthorn.secret" .root }}
    defaultMode: 0440
    items:
      - { key: {{ $keys.databaseUrl | quote }}, path: {{ $keys.databaseUrl | quote }} }
      - { key: {{ $keys.masterKey | quote }}, path: {{ $keys.masterKey | quote }} }
      {{- if and .admin $keys.adminKey }}
      - { key: {{ $keys.adminKey | quote }}, path: {{ $keys.adminKey | quote }} }
      {{- end }}
      {{- if not (or .root.Values.nats.url .root.Values.trial.nats.enabled) }}
      - { key: {{ $keys.natsUrl | quote }}, path: {{ $keys.natsUrl | quote }} }
      {{- end }}
      {{- if $keys.natsCreds }}
      - { key: {{ $keys.natsCreds | quote }}, path: {{ $keys.natsCreds | quote }} }
      {{- end }}
{{- end }}

{{/* Settings that both services have. */}}
{{- define "posthorn.commonEnv" -}}
{{- with .Values.settings }}
- { name: POSTHORN_RETENTION_DAYS, value: {{ .retentionDays | int | quote }} }
- { name: POSTHORN_EVENT_BYTES_MAX, value: {{ .eventBytesMax | int | quote }} }
- { name: POSTHORN_DUPLICATE_WINDOW_SECONDS, value: {{ .duplicateWindowSeconds | int | quote }} }
- { name: POSTHORN_DATABASE_CONNECTIONS_MAX, value: {{ .databaseConnectionsMax | int | quote }} }
- { name: POSTHORN_DRAIN_SECONDS, value: {{ .drainSeconds | int | quote }} }
- { name: POSTHORN_LOG_LEVEL, value: {{ .logLevel | quote }} }
- { name: POSTHORN_LOG_FORMAT, value: {{ .logFormat | quote }} }
{{- if .egressAllow }}
- { name: POSTHORN_EGRESS_ALLOW, value: {{ .egressAllow | quote }} }
{{- end }}
{{- end }}
- { name: POSTHORN_STREAM_REPLICAS, value: {{ ternary 1 .Values.nats.streamReplicas .Values.trial.nats.enabled | int | quote }} }
{{- with .Values.observability.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
# Prometheus reads the metrics itself.
- { name: OTEL_METRICS_EXPORTER, value: none }
{{- end }}
{{- with .Values.settings.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* On different machines and in different zones, where there are some; with (dict "root" $ "component" "api"). */}}
{{- define "posthorn.spread" -}}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: ScheduleAnyway
  matchLabelKeys: [pod-template-hash]
  labelSelector:
    matchLabels: {{- include "posthorn.selector" $ | nindent 6 }}
{{- end }}
{{- end }}

{{/* What is the same in both pods; with (dict "root" $ "component" "api" "of" .Values.api). */}}
{{- define "posthorn.placement" -}}
topologySpreadConstraints: {{- include "posthorn.spread" . | nindent 2 }}
{{- with .of.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .of.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
